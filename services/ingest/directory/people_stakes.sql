-- Stakes: one per target; without any target, one in everything.
create temp table wanted_stake on commit drop as
select n.id, p.role, a.id as account_id, null::integer as component_id, null::text as team
from staged_person p join named n using (key) cross join unnest(p.accounts) as k join account a on a.key = k
union all
select n.id, p.role, null, c.id, null
from staged_person p join named n using (key) cross join unnest(p.components) as k join component c on c.key = k
where p.components <> '{}'
union all
select n.id, p.role, null, null, t
from staged_person p join named n using (key) cross join unnest(p.teams) as t
where p.teams <> '{}'
union all
select n.id, p.role, null, null, null
from staged_person p join named n using (key)
where cardinality(p.accounts) + cardinality(p.components) + cardinality(p.teams) = 0;

analyze wanted_stake;

with added as (
  insert into stake (subscriber_id, role, account_id, component_id, team)
  select id, role, account_id, component_id, team from wanted_stake w
  where not exists (
    select from stake k where (k.subscriber_id, k.role) = (w.id, w.role)
      and (k.account_id, k.component_id, k.team) is not distinct from (w.account_id, w.component_id, w.team))
  order by id
  on conflict do nothing                   -- two lines of one file may say the same
  returning subscriber_id
)
insert into touched select subscriber_id, false from added;
