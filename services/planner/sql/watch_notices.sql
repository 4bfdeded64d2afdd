-- Notices whose recipients the watch counts: what is in the air, and the newest of each side and channel of an
-- outage that is open or has just been told of. A child is counted while it is in the air.
select n.id as notice, nc.channel, n.lane, nc.state,
  exists (select from notice_window w where w.notice_id = n.id and w.channel = nc.channel and w.expanded_at is null)
    as unfrozen,
  exists (select from pause p where p.lifted_at is null and coalesce(p.channel, nc.channel) = nc.channel
    and coalesce(p.outage_id, n.outage_id) = n.outage_id) as paused
from notice_channel nc join notice n on n.id = nc.notice_id
where nc.state = 'released' and not n.test
union all
select n.id, nc.channel, n.lane, nc.state, false, false
from outage o
join notice n on n.outage_id = o.id
join notice_channel nc on nc.notice_id = n.id
where not o.test and nc.state = 'drained' and nc.released_at is not null and n.occasion <> all (%(children)s::text[])
  and (o.closed_at is null or o.closed_at >= forewarn_now() - interval '1 day'
    and nc.drained_at >= clock_timestamp() - interval '10 min')
  and not exists (select from notice l join notice_channel lc on lc.notice_id = l.id and lc.channel = nc.channel
    where l.outage_id = n.outage_id and l.side = n.side and l.serial > n.serial and lc.released_at is not null
      and l.occasion <> all (%(children)s::text[]))
