-- Who does not want to hear: by this file, or said before a prune. An unsubscribe outlives any other reason.
select pg_advisory_xact_lock(hashtext('forewarn unsubscribe'));  -- from here to the commit, old links wait

with added as (
  insert into suppression as kept (subscriber_id, channel, reason)
  select s.id, u.channel, 'unsubscribed' from staged_unsubscribe u join subscriber s using (key)
  on conflict (subscriber_id, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason
  returning subscriber_id
)
insert into touched select subscriber_id from added;

-- On a line that is not taken, of somebody who was pruned: it counts when they come back.
insert into suppression_kept as kept (hash, channel, reason)
select distinct hash, u.channel, 'unsubscribed'
from staged_unsubscribe u
join departed d on d.person = forewarn_hash('key', u.key)
cross join unnest(array[d.person, case u.channel when 'email' then d.email end]) as hash
where hash is not null and (select count(*) from departed) > 0
on conflict (hash, channel) do update set reason = excluded.reason, at = excluded.at
where kept.reason <> excluded.reason;

-- A bounce is asked for where an address is new; an unsubscribe always: an old link may have been used since.
with everybody as (
  select id, added from named union all select subscriber_id, false from same
), known as (
  select e.id, k.channel, k.reason
  from everybody e join subscriber s using (id) join suppression_kept k on k.hash = forewarn_hash('key', s.key)
  union all
  select w.subscriber_id, k.channel, k.reason
  from news w join suppression_kept k on (k.hash, k.channel) = (forewarn_hash(w.channel, w.address), w.channel)
  union all
  select e.id, k.channel, k.reason
  from everybody e
  join address a on a.subscriber_id = e.id
  join suppression_kept k on (k.hash, k.channel) = (forewarn_hash(a.channel, a.address), a.channel)
  where k.reason = 'unsubscribed' or e.added
), added as (
  insert into suppression as kept (subscriber_id, channel, reason)
  select distinct on (id, channel) id, channel, reason from known
  where (select count(*) from suppression_kept) > 0  -- else a million hashes for nothing
  order by id, channel, reason = 'unsubscribed' desc
  on conflict (subscriber_id, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason and excluded.reason = 'unsubscribed'
  returning subscriber_id
)
insert into touched select subscriber_id from added;
