-- How large an audience may be: a side's ids, and some of its people, evenly, with the rank in which each would hear.
with ends as materialized (
  select (select min(id) from subscriber where inside = %(inside)s) as lo,
    (select max(id) from subscriber where inside = %(inside)s) as hi,
    (select count(*) from (select from subscriber where inside and %(inside)s limit %(most)s) i) as insiders
),
points as (
  select distinct p.id
  from ends e
  cross join generate_series(0, %(sample)s - 1) i
  cross join lateral (
    select s.id from subscriber s
    where s.inside = %(inside)s and s.id >= e.lo + (e.hi - e.lo) * i / (%(sample)s - 1) order by s.id limit 1
  ) p
  where e.lo is not null
),
ranked as (
  select p.id, (
    select min((%(ranks)s::int[])[array_position(%(roles)s::text[], k.role)]
      + coalesce(array_position(%(tiers)s::text[], t.tier) - 1, %(no_tier)s))
    from stake k
    left join account t on t.id = k.account_id
    where k.subscriber_id = p.id and k.role = any(%(roles)s::text[]) and (
      num_nonnulls(k.account_id, k.component_id, k.team) = 0
      or exists (select from uses u where u.account_id = k.account_id and u.component_id = any(c.components))
      or k.component_id = any(c.components)
      or k.team = any(c.teams))
      and (%(minimums)s::text[] is null or t.minimum_notice = any(%(minimums)s::text[]))
    ) as rank
  from points p
  cross join (
    select array(select c.id from component c where c.key = any(%(touched)s::text[])) as components,
      array(select c.owner from component c where c.owner is not null and c.key = any(%(touched)s::text[])) as teams
  ) c
)
select e.lo, e.hi, e.insiders, r.rank, count(r.id)::int as people
from ends e left join ranked r on true
group by e.lo, e.hi, e.insiders, r.rank
