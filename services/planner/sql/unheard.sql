-- Notices in the air that nobody was told by yet, and for how long, as people read time, from `since`; of them those
-- that no pause holds. Tests are left out.
select n.side, nc.channel, extract(epoch from forewarn_now() - g.since)::float as wait
from notice_channel nc
join notice n on n.id = nc.notice_id and not n.test and nc.state = 'released'
  and not exists (select from notice_window w join batch b on b.window_id = w.id
    where w.notice_id = n.id and w.channel = nc.channel and b.first_at is not null)
  and not exists (select from pause p where p.lifted_at is null and coalesce(p.channel, nc.channel) = nc.channel
    and coalesce(p.outage_id, n.outage_id) = n.outage_id)
