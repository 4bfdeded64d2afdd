-- Stakes: one per target; without any target, one in everything. `fresh`: of new people with one line, so that none
-- is there yet and none comes twice.
create temp table wanted_stake on commit drop as
with said as materialized (
  select id, added as fresh, role, accounts, components, teams from named where role is not null
  union all
  select n.id, false, p.role, p.accounts, p.components, p.teams
  from staged_person p join repeated using (key) join named n using (key)
)
select said.id, fresh, role, a.id as account_id, null::integer as component_id, null::text as team
from said cross join unnest(accounts) as k join account a on a.key = k where accounts <> '{}'
union all
select said.id, fresh, role, null, c.id, null
from said cross join unnest(components) as k join component c on c.key = k where components <> '{}'
union all
select id, fresh, role, null, null, t
from said cross join unnest(teams) as t where teams <> '{}'
union all
select id, fresh, role, null, null, null
from said where cardinality(accounts) + cardinality(components) + cardinality(teams) = 0;

analyze wanted_stake (id, fresh);

insert into stake (subscriber_id, role, account_id, component_id, team)
select id, role, account_id, component_id, team from wanted_stake where fresh order by id;

with added as (
  insert into stake (subscriber_id, role, account_id, component_id, team)
  select id, role, account_id, component_id, team from wanted_stake w
  where not fresh and not exists (
    select from stake k where (k.subscriber_id, k.role) = (w.id, w.role)
      and (k.account_id, k.component_id, k.team) is not distinct from (w.account_id, w.component_id, w.team))
  order by id
  on conflict do nothing                   -- two lines of one file may say the same
  returning subscriber_id
)
insert into touched select subscriber_id from added;
