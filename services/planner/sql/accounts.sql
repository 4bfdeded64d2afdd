-- Of a small audience: the stakes in each account that uses what is touched, whose tier may leave by now. With
-- `minimums` only accounts with one of them, and no stake without an account.
touched as materialized (
  select t.id, coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) as rank
  from account t
  where t.id in (select u.account_id from uses u where u.component_id = any(%(components)s::int[]))
    and coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) <= %(rank)s
    and (%(minimums)s::text[] is null or t.minimum_notice = any(%(minimums)s::text[]))
),
reached as (
  select k.id, min(k.role) as strength, min(k.rank + (%(ranks)s::int[])[k.role]) as rank
  from (
    select k.subscriber_id as id, array_position(%(roles)s::text[], k.role) as role, t.rank
    from touched t cross join lateral (
      select k.subscriber_id, k.role from stake k
      where k.account_id = t.id and k.subscriber_id between %(lo)s and %(hi)s offset 0
    ) k
    union all
    select k.subscriber_id, array_position(%(roles)s::text[], k.role), %(no_tier)s
    from stake k where k.component_id = any(%(components)s::int[]) and k.subscriber_id between %(lo)s and %(hi)s
      and %(minimums)s::text[] is null
    union all
    select k.subscriber_id, array_position(%(roles)s::text[], k.role), %(no_tier)s
    from stake k where k.team = any(%(teams)s::text[]) and k.subscriber_id between %(lo)s and %(hi)s
      and %(minimums)s::text[] is null
    union all
    select k.subscriber_id, array_position(%(roles)s::text[], k.role), %(no_tier)s
    from stake k where k.account_id is null and k.component_id is null and k.team is null
      and k.subscriber_id between %(lo)s and %(hi)s and %(minimums)s::text[] is null
  ) k
  where k.role is not null
  group by k.id
),
