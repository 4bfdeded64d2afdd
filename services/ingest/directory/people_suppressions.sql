-- Who does not want to hear: by this file, or said before a prune. An unsubscribe outlives any other reason.
with added as (
  insert into suppression as kept (subscriber_id, channel, reason)
  select s.id, u.channel, 'unsubscribed' from staged_unsubscribe u join subscriber s using (key)
  on conflict (subscriber_id, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason
  returning subscriber_id
)
insert into touched select subscriber_id, false from added;

with known as (
  select n.id, k.channel, k.reason
  from named n join suppression_kept k on k.hash = forewarn_hash('key', n.key)
  union all
  select w.subscriber_id, k.channel, k.reason
  from news w join suppression_kept k on (k.hash, k.channel) = (forewarn_hash(w.channel, w.address), w.channel)
), added as (
  insert into suppression as kept (subscriber_id, channel, reason)
  select distinct on (id, channel) id, channel, reason from known
  where (select count(*) from suppression_kept) > 0  -- else a million hashes for nothing
  order by id, channel, reason = 'unsubscribed' desc
  on conflict (subscriber_id, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason and excluded.reason = 'unsubscribed'
  returning subscriber_id
)
insert into touched select subscriber_id, false from added;
