-- Which ranks that the sample did not meet have anybody perhaps: accounts of their tiers that use what is touched.
select distinct coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) as rank
from account t
where coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) = any(%(unmet)s::int[])
  and (%(minimums)s::text[] is null or t.minimum_notice = any(%(minimums)s::text[]))
  and exists (select from uses u join component c on c.id = u.component_id
    where u.account_id = t.id and c.key = any(%(touched)s::text[]))
