-- Refuse rows that name what the catalog does not hold; find the addresses that others have, or give, as well.
insert into staged_fault
select line, format('account %s is not in the catalog', named)
from staged_person cross join unnest(accounts) as named
where accounts <> '{}' and not exists (select from account where key = named);

insert into staged_fault
select line, format('component %s is not in the catalog', named)
from staged_person cross join unnest(components) as named
where components <> '{}' and not exists (select from component where key = named);

delete from staged_person p using staged_fault f where f.line = p.line;

create temp table staged_address on commit drop as
select line, key, channel, address
from staged_person
cross join lateral (values ('email', email), ('sms', sms), ('webhook', webhook)) as given (channel, address)
where address is not null;

analyze staged_address;

create temp table held on commit drop as
select a.line, a.channel, a.address, h.key as holder
from staged_address a
join address d on (d.channel, d.address) = (a.channel, a.address)
join subscriber h on h.id = d.subscriber_id and h.key <> a.key;

create temp table contested on commit drop as
with often as (select address from staged_address group by address having count(*) > 1)
select a.* from staged_address a join often using (address);
