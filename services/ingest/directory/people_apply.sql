-- Add and change subscribers and all that hangs on them; nothing is removed.

-- One row a subscriber: of each field, the latest that was given.
create temp table staged_subscriber on commit drop as
with repeated as (select key from staged_person group by key having count(*) > 1)
select key, line, name, locale, zone, token, email, sms, webhook, consents, quiet_from, quiet_to
from staged_person p where not exists (select from repeated r where r.key = p.key)
union all
select key, min(line),
  (array_agg(name order by line desc) filter (where name is not null))[1],
  (array_agg(locale order by line desc) filter (where locale is not null))[1],
  (array_agg(zone order by line desc) filter (where zone is not null))[1],
  min(token),
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

with added as (
  insert into subscriber (key, name, locale, zone_id, token)
  select n.key, coalesce(n.name, ''), coalesce(n.locale, 'en'), z.id, n.token
  from staged_subscriber n join zone z on z.name = coalesce(n.zone, 'UTC')
  where not exists (select from subscriber s where s.key = n.key)
  order by n.line
  returning id
)
insert into touched select id, true from added;

create temp table named on commit drop as
select s.id, n.key, n.email, n.sms, n.webhook, n.consents, n.quiet_from, n.quiet_to
from staged_subscriber n join subscriber s using (key);

analyze named;

-- Addresses: what differs is taken out and put in anew, so that two people may swap theirs. Consent was given
-- for an address; a new one starts without.
create temp table news on commit drop as
select n.id as subscriber_id, given.channel, coalesce(given.address, kept.address) as address,
  coalesce(
    given.channel = any (n.consents),
    kept.consent and coalesce(given.address, kept.address) = kept.address,
    false) as consent,
  coalesce(n.quiet_from, kept.quiet_from) as quiet_from,
  coalesce(n.quiet_to, kept.quiet_to) as quiet_to
from named n
cross join lateral (values ('email', n.email), ('sms', n.sms), ('webhook', n.webhook)) as given (channel, address)
left join address kept on (kept.subscriber_id, kept.channel) = (n.id, given.channel)
where coalesce(given.address, kept.address) is not null;

delete from news n using address a
where (a.subscriber_id, a.channel) = (n.subscriber_id, n.channel)
  and (a.address, a.consent, a.quiet_from, a.quiet_to)
    is not distinct from (n.address, n.consent, n.quiet_from, n.quiet_to);

delete from address a using news n where (a.subscriber_id, a.channel) = (n.subscriber_id, n.channel);

insert into address (subscriber_id, channel, address, consent, quiet_from, quiet_to)
select subscriber_id, channel, address, consent, quiet_from, quiet_to from news order by subscriber_id;

insert into touched select subscriber_id, false from news;

-- Stakes: one per target; without any target, one in everything.
with wanted as (
  select n.id, p.role, a.id as account_id, null::integer as component_id, null as team
  from staged_person p join named n using (key) cross join unnest(p.accounts) as k join account a on a.key = k
  union all
  select n.id, p.role, null, c.id, null
  from staged_person p join named n using (key) cross join unnest(p.components) as k join component c on c.key = k
  union all
  select n.id, p.role, null, null, t
  from staged_person p join named n using (key) cross join unnest(p.teams) as t
  union all
  select n.id, p.role, null, null, null
  from staged_person p join named n using (key)
  where cardinality(p.accounts) + cardinality(p.components) + cardinality(p.teams) = 0
), added as (
  insert into stake (subscriber_id, role, account_id, component_id, team)
  select id, role, account_id, component_id, team from wanted order by id
  on conflict do nothing
  returning subscriber_id
)
insert into touched select subscriber_id, false from added;

with added as (
  insert into suppression as kept (subscriber_id, channel, reason)
  select s.id, u.channel, 'unsubscribed' from staged_unsubscribe u join subscriber s using (key)
  on conflict (subscriber_id, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason
  returning subscriber_id
)
insert into touched select subscriber_id, false from added;
