-- Remove the addresses that the file no longer gives, where it speaks of their way at all. What was refused stays with
-- its person, and is kept by the address's hash for whoever comes with it next.
with gone as (
  delete from address a using whole p
  where a.subscriber_id = p.id and a.channel = any (%(ways)s)
    and case a.channel when 'email' then p.email when 'sms' then p.sms when 'webhook' then p.webhook end is null
  returning a.subscriber_id, a.channel, a.address
), remembered as (
  insert into suppression_kept as kept (hash, channel, reason)
  select forewarn_hash(g.channel, g.address), g.channel, x.reason
  from gone g join suppression x on (x.subscriber_id, x.channel) = (g.subscriber_id, g.channel)
  on conflict (hash, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason and excluded.reason = 'unsubscribed'
)
insert into touched select subscriber_id from gone;
