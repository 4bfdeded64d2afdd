-- Of a few ids: each one's stakes are looked up, and whether the account of each uses what is touched.
reached as (
  select s.id, min(array_position(%(roles)s::text[], k.role)) as strength,
    min((%(ranks)s::int[])[array_position(%(roles)s::text[], k.role)]
      + coalesce(array_position(%(tiers)s::text[], k.tier) - 1, %(no_tier)s)) as rank
  from subscriber s
  cross join lateral (
    select k.role, t.tier from stake k left join account t on t.id = k.account_id
    where k.subscriber_id = s.id and k.role = any(%(roles)s::text[]) and (
      num_nonnulls(k.account_id, k.component_id, k.team) = 0
      or exists (select from uses u where u.account_id = k.account_id and u.component_id = any(%(components)s::int[]))
      or k.component_id = any(%(components)s::int[])
      or k.team = any(%(teams)s::text[]))
      and (%(minimums)s::text[] is null or t.minimum_notice = any(%(minimums)s::text[]))
    offset 0
  ) k
  where s.id between %(lo)s and %(hi)s and s.inside = %(inside)s
    and s.id not in (select o.id from own o)  -- those of ranks before are not looked up again
  group by s.id
),
