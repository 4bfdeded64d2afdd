-- Refuse rows that name what the catalog does not hold; spread out the addresses of the others.
insert into staged_fault
select line, format('account %s is not in the catalog', named)
from staged_person cross join unnest(accounts) as named
where not exists (select from account where key = named);

insert into staged_fault
select line, format('component %s is not in the catalog', named)
from staged_person cross join unnest(components) as named
where not exists (select from component where key = named);

-- An unsubscribe counts even where the rest of its row does not.
create temp table staged_unsubscribe on commit drop as
select distinct key, channel from staged_person cross join unnest(unsubscribed) as channel where key is not null;

delete from staged_person p using staged_fault f where f.line = p.line;

create temp table staged_address on commit drop as
select line, key, channel, address
from staged_person
cross join lateral (values ('email', email), ('sms', sms), ('webhook', webhook)) as given (channel, address)
where address is not null;

analyze staged_address;
