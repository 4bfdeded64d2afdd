-- Add and change subscribers.
delete from staged_person p using staged_fault f where f.line = p.line;

insert into zone (name)
select distinct coalesce(p.zone, 'UTC') from staged_person p
where not exists (select from zone z where z.name = coalesce(p.zone, 'UTC'));

-- One row a subscriber, new ones numbered as they stand in the file: of each field, the latest that was given. What
-- they have a stake in is here only if one line says it all.
create temp table named on commit drop as
with said as (
  select key, line, inside, name, locale, zone, email, sms, webhook, consents, quiet_from, quiet_to,
    role, accounts, components, teams
  from staged_person p where not exists (select from repeated r where r.key = p.key)
  union all
  select key, min(line), bool_or(inside),
    (array_agg(name order by line desc) filter (where name is not null))[1],
    (array_agg(locale order by line desc) filter (where locale is not null))[1],
    (array_agg(zone order by line desc) filter (where zone is not null))[1],
    (array_agg(email order by line desc) filter (where email is not null))[1],
    (array_agg(sms order by line desc) filter (where sms is not null))[1],
    (array_agg(webhook order by line desc) filter (where webhook is not null))[1],
    (array_agg(consents::text order by line desc) filter (where consents is not null))[1]::text[],
    (array_agg(quiet_from order by line desc) filter (where quiet_from is not null))[1],
    (array_agg(quiet_to order by line desc) filter (where quiet_to is not null))[1],
    null, null, null, null
  from staged_person join repeated using (key)
  group by key
), found as (
  select said.*, s.id as found, z.id as zone_id
  from said left join subscriber s using (key) left join zone z on z.name = said.zone
  order by line
)
select coalesce(found, nextval('subscriber_id_seq')) as id, found is null as added, key, inside, name, locale, zone_id,
  email, sms, webhook, consents, quiet_from, quiet_to, role, accounts, components, teams
from found;

analyze named (id, key, added);

with changed as (
  update subscriber s
  set name = coalesce(n.name, s.name), locale = coalesce(n.locale, s.locale), zone_id = coalesce(n.zone_id, s.zone_id)
  from named n
  where s.id = n.id and not n.added
    and (s.name, s.locale, s.zone_id)
      is distinct from (coalesce(n.name, s.name), coalesce(n.locale, s.locale), coalesce(n.zone_id, s.zone_id))
  returning s.id
)
insert into touched select id from changed;

create temp table back on commit drop as
select n.key, d.token from named n join departed d on d.person = forewarn_hash('key', n.key)
where (select count(*) from departed) > 0;  -- else a million hashes for nothing

-- The token: 122 random bits in 22 characters; who comes back has the one of then. A new one has no stakes but those
-- of the file, so that the side is known.
insert into subscriber (id, key, name, locale, zone_id, inside, token) overriding system value
select n.id, n.key, coalesce(n.name, ''), coalesce(n.locale, 'en'),
  coalesce(n.zone_id, (select id from zone where name = 'UTC')), n.inside,
  coalesce(b.token, translate(rtrim(encode(uuid_send(gen_random_uuid()), 'base64'), '='), '+/', '-_'))
from named n left join back b on b.key = n.key
where n.added
order by n.id;

delete from departed d using subscriber s where s.token = d.token;
