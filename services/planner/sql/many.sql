-- Of many ids: their stakes beside all accounts that use what is touched, whose tier may leave by now.
touched as (                              -- grouped: so it is made first, and stakes are joined once
  select t.id, min(coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s)) as rank
  from account t
  where t.id in (select u.account_id from uses u where u.component_id = any(%(components)s::int[]))
    and coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) <= %(rank)s
  group by t.id
),
reached as (
  select k.id, min(k.role) as strength, min(k.rank + (%(ranks)s::int[])[k.role]) as rank
  from (
    select k.subscriber_id as id, array_position(%(roles)s::text[], k.role) as role, t.rank
    from stake k join touched t on t.id = k.account_id
    where k.subscriber_id between %(lo)s and %(hi)s
    union all
    select k.subscriber_id, array_position(%(roles)s::text[], k.role), %(no_tier)s
    from stake k where k.component_id = any(%(components)s::int[]) and k.subscriber_id between %(lo)s and %(hi)s
    union all
    select k.subscriber_id, array_position(%(roles)s::text[], k.role), %(no_tier)s
    from stake k where k.team = any(%(teams)s::text[]) and k.subscriber_id between %(lo)s and %(hi)s
    union all
    select k.subscriber_id, array_position(%(roles)s::text[], k.role), %(no_tier)s
    from stake k where k.account_id is null and k.component_id is null and k.team is null
      and k.subscriber_id between %(lo)s and %(hi)s
  ) k
  where k.role is not null and not exists (select from own o where o.id = k.id)
  group by k.id
),
