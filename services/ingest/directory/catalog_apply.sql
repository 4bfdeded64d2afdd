-- Make components and accounts what the staged entries say, with their dependencies and uses.
analyze staged_entry;

delete from staged_entry where is_account is null;

with changed as (
  update component c
  set public_name = s.name, symptoms = s.symptoms, system = s.system, owner = s.owner
  from staged_entry s
  where not s.is_account and c.key = s.key
    and (c.public_name, c.symptoms, c.system, c.owner) is distinct from (s.name, s.symptoms, s.system, s.owner)
  returning c.key
)
insert into touched select false, key, false from changed;

with added as (
  insert into component (key, public_name, symptoms, system, owner)
  select key, name, symptoms, system, owner from staged_entry s
  where not is_account and not exists (select from component c where c.key = s.key)
  order by line
  returning key
)
insert into touched select false, key, true from added;

-- Accounts; one without a name of its own is called by its key.
with changed as (
  update account a
  set name = coalesce(s.name, s.key), tier = s.tier, country = s.country, minimum_notice = s.minimum_notice
  from staged_entry s
  where s.is_account and a.key = s.key
    and (a.name, a.tier, a.country, a.minimum_notice)
      is distinct from (coalesce(s.name, s.key), s.tier, s.country, s.minimum_notice)
  returning a.key
)
insert into touched select true, key, false from changed;

with added as (
  insert into account (key, name, tier, country, minimum_notice)
  select key, coalesce(name, key), tier, country, minimum_notice from staged_entry s
  where is_account and not exists (select from account a where a.key = s.key)
  order by line
  returning key
)
insert into touched select true, key, true from added;

-- Dependencies: of a staged component, exactly the staged ones.
create temp table wanted_dependency on commit drop as
select key as component_key, unnest(needs) as needs, true as hard from staged_entry where not is_account
union all
select key, unnest(needs_softly), false from staged_entry where not is_account;

with gone as (
  delete from dependency d using staged_entry s
  where not s.is_account and d.component_key = s.key
    and not exists (
      select from wanted_dependency w
      where (w.component_key, w.needs, w.hard) = (d.component_key, d.needs, d.hard))
  returning d.component_key
)
insert into touched select false, component_key, false from gone;

with added as (
  insert into dependency (component_key, needs, hard)
  select component_key, needs, hard from wanted_dependency
  on conflict do nothing
  returning component_key
)
insert into touched select false, component_key, false from added;

-- Uses: of a staged account, exactly the staged ones that are known.
create temp table wanted_use on commit drop as
select s.line, s.key, a.id as account_id, named, c.id as component_id
from staged_entry s
join account a on a.key = s.key
cross join unnest(s.uses) as named
left join component c on c.key = named
where s.is_account;

insert into staged_fault
select line, format('uses %s, which is not in the catalog', named) from wanted_use where component_id is null;

with gone as (
  delete from uses u using staged_entry s, account a
  where s.is_account and a.key = s.key and u.account_id = a.id
    and not exists (
      select from wanted_use w where (w.account_id, w.component_id) = (u.account_id, u.component_id))
  returning a.key
)
insert into touched select true, key, false from gone;

with added as (
  insert into uses (account_id, component_id)
  select account_id, component_id from wanted_use where component_id is not null
  on conflict do nothing
  returning account_id
)
insert into touched select true, a.key, false from added join account a on a.id = added.account_id;
