-- Of many ids: their stakes in order of the index, each asked whether its account is one that uses what is touched
-- and whose tier may leave by now. `in` and `not in` keep that order, by a hash of their own; a join would not.
touched as materialized (
  select t.id
  from account t
  where t.id in (select u.account_id from uses u where u.component_id = any(%(components)s::int[]))
    and coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s) <= %(rank)s
    and (%(minimums)s::text[] is null or t.minimum_notice = any(%(minimums)s::text[]))
),
reached as (                              -- the tier is asked above: ranks of roles and of tiers never meet (hearing.py)
  select k.subscriber_id as id, min(array_position(%(roles)s::text[], k.role)) as strength,
    min((%(ranks)s::int[])[array_position(%(roles)s::text[], k.role)]) as rank
  from stake k
  where k.subscriber_id between %(lo)s and %(hi)s and k.role = any(%(roles)s::text[])
    and case when k.account_id is not null then k.account_id in (select t.id from touched t)
      else %(minimums)s::text[] is null and %(no_tier)s <= %(rank)s and (k.component_id = any(%(components)s::int[])
        or k.team = any(%(teams)s::text[]) or num_nonnulls(k.component_id, k.team) = 0) end
  group by k.subscriber_id
  having k.subscriber_id not in (select o.id from own o)
),
