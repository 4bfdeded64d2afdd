-- Whether a rank that the sample did not meet has anybody: accounts of its tier that use what is touched, or others.
select distinct coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) as rank
from account t
where coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) = any(%(unmet)s::int[])
  and exists (select from uses u join component c on c.id = u.component_id
    where u.account_id = t.id and c.key = any(%(touched)s::text[]))
union all
select %(no_tier)s
where exists (select from stake k where k.account_id is null and k.component_id is null and k.team is null)
  or exists (select from stake k join component c on c.id = k.component_id where c.key = any(%(touched)s::text[]))
  or exists (select from stake k join component c on c.owner = k.team where c.key = any(%(touched)s::text[]))
