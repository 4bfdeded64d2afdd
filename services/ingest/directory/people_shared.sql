-- Refuse rows that bring an address of somebody else. To be run until it refuses nothing more: whoever is
-- refused keeps the address that a third row may have counted on.
with given_up as (  -- by a holder who comes with another one
  select key, channel, (array_agg(address order by line desc))[1] as instead
  from staged_address a
  where key in (select holder from held) and not exists (select from staged_fault f where f.line = a.line)
  group by key, channel
)
insert into staged_fault
select line, format('%s is already that of %s',
  case held.channel when 'sms' then 'phone' else held.channel end,
  case when position('@' in holder) > 0 then 'a subscriber without an id' else 'subscriber ' || holder end)
from held left join given_up g on (g.key, g.channel) = (holder, held.channel)
where g.instead is null or g.instead = held.address;

delete from held h using staged_fault f where f.line = h.line;
delete from contested c using staged_fault f where f.line = c.line;

with shared as (
  select channel, address, min(line) as first
  from contested group by channel, address having min(key) <> max(key)
)
insert into staged_fault
select a.line, format('%s is already that of line %s',
  case a.channel when 'sms' then 'phone' else a.channel end, first)
from shared
join contested owner on (owner.line, owner.channel) = (first, shared.channel)
join contested a on (a.channel, a.address) = (shared.channel, shared.address) and a.key <> owner.key;

delete from held h using staged_fault f where f.line = h.line;
delete from contested c using staged_fault f where f.line = c.line;
