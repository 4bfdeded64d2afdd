-- How long notices took, as people read time: to the first and to the last acceptance on a channel. It counts from the
-- arrival of the event that each tells of; if nobody's event was its cause, from when it was planned; and never
-- from before its hold ended. Tests are left out.
select n.side, nc.channel,
  extract(epoch from forewarn_at(t.first_at) - g.since)::float as first,
  extract(epoch from forewarn_at(t.last_at) - g.since)::float as last
from unnest(%(notices)s::text[], %(channels)s::text[]) as d (notice, channel)
join notice n on n.id = d.notice and not n.test
join notice_channel nc on nc.notice_id = n.id and nc.channel = d.channel
cross join lateral (
  select min(b.first_at) as first_at, max(b.last_at) as last_at
  from notice_window w join batch b on b.window_id = w.id
  where w.notice_id = n.id and w.channel = nc.channel
) t
cross join lateral (
  select greatest(
    case when nc.hold_until <= forewarn_at(nc.released_at) then nc.hold_until end,
    case when n.occasion = any (%(of_an_event)s::text[]) then coalesce(
      (select e.received_at from revision r join event e on e.id = r.event_id
        where r.outage_id = n.outage_id and r.revision = nc.revision), n.made_at)
    else n.made_at end) as since
) g
where t.first_at is not null
