-- Refuse rows that bring an address of somebody else. To be run until it refuses nothing more: whoever is
-- refused keeps the address that a third row may have counted on.
create temp table held on commit drop as
select a.line, a.channel, a.address, h.key as holder
from staged_address a
join address d on (d.channel, d.address) = (a.channel, a.address)
join subscriber h on h.id = d.subscriber_id and h.key <> a.key;

with given_up as (  -- by a holder who comes with another one
  select key, channel, (array_agg(address order by line desc))[1] as instead
  from staged_address where key in (select holder from held)
  group by key, channel
)
insert into staged_fault
select line, format('%s is already that of %s',
  case held.channel when 'sms' then 'phone' else held.channel end,
  case when position('@' in holder) > 0 then 'a subscriber without an id' else 'subscriber ' || holder end)
from held left join given_up g on (g.key, g.channel) = (holder, held.channel)
where g.instead is null or g.instead = held.address;

drop table held;
delete from staged_address a using staged_fault f where f.line = a.line;

with shared as (
  select channel, address, min(line) as first
  from staged_address group by channel, address having min(key) <> max(key)
)
insert into staged_fault
select a.line, format('%s is already that of line %s',
  case a.channel when 'sms' then 'phone' else a.channel end, first)
from shared
join staged_address owner on (owner.line, owner.channel) = (first, shared.channel)
join staged_address a on (a.channel, a.address) = (shared.channel, shared.address) and a.key <> owner.key;

delete from staged_address a using staged_fault f where f.line = a.line;
delete from staged_person p using staged_fault f where f.line = p.line;
