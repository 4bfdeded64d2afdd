-- Add and change subscribers.

-- One row a subscriber: of each field, the latest that was given.
create temp table staged_subscriber on commit drop as
with repeated as (select key from staged_person group by key having count(*) > 1)
select key, line, name, locale, zone, email, sms, webhook, consents, quiet_from, quiet_to
from staged_person p where not exists (select from repeated r where r.key = p.key)
union all
select key, min(line),
  (array_agg(name order by line desc) filter (where name is not null))[1],
  (array_agg(locale order by line desc) filter (where locale is not null))[1],
  (array_agg(zone order by line desc) filter (where zone is not null))[1],
  (array_agg(email order by line desc) filter (where email is not null))[1],
  (array_agg(sms order by line desc) filter (where sms is not null))[1],
  (array_agg(webhook order by line desc) filter (where webhook is not null))[1],
  (array_agg(consents::text order by line desc) filter (where consents is not null))[1]::text[],
  (array_agg(quiet_from order by line desc) filter (where quiet_from is not null))[1],
  (array_agg(quiet_to order by line desc) filter (where quiet_to is not null))[1]
from staged_person join repeated using (key)
group by key;

analyze staged_subscriber;

insert into zone (name)
select distinct coalesce(s.zone, 'UTC') from staged_subscriber s
where not exists (select from zone z where z.name = coalesce(s.zone, 'UTC'));

with changed as (
  update subscriber s
  set name = coalesce(n.name, s.name), locale = coalesce(n.locale, s.locale), zone_id = coalesce(z.id, s.zone_id)
  from staged_subscriber n left join zone z on z.name = n.zone
  where s.key = n.key
    and (s.name, s.locale, s.zone_id)
      is distinct from (coalesce(n.name, s.name), coalesce(n.locale, s.locale), coalesce(z.id, s.zone_id))
  returning s.id
)
insert into touched select id, false from changed;

create temp table back on commit drop as
select n.key, d.token from staged_subscriber n join departed d on d.person = forewarn_hash('key', n.key)
where (select count(*) from departed) > 0;  -- else a million hashes for nothing

-- The token: 122 random bits in 22 characters; who comes back has the one of then.
with added as (
  insert into subscriber (key, name, locale, zone_id, token)
  select n.key, coalesce(n.name, ''), coalesce(n.locale, 'en'), z.id,
    coalesce(b.token, translate(rtrim(encode(uuid_send(gen_random_uuid()), 'base64'), '='), '+/', '-_'))
  from staged_subscriber n
  join zone z on z.name = coalesce(n.zone, 'UTC')
  left join back b on b.key = n.key
  where not exists (select from subscriber s where s.key = n.key)
  order by n.line
  returning id
)
insert into touched select id, true from added;

delete from departed d using subscriber s where s.token = d.token;

create temp table named on commit drop as
select s.id, n.key, n.email, n.sms, n.webhook, n.consents, n.quiet_from, n.quiet_to
from staged_subscriber n join subscriber s using (key);

analyze named;
