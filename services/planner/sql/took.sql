-- How long notices took, as people read time, from `since`: to the first and to the last acceptance on a channel. Tests
-- are left out.
select n.side, nc.channel,
  extract(epoch from forewarn_at(t.first_at) - g.since)::float as first,
  extract(epoch from forewarn_at(t.last_at) - g.since)::float as last
from unnest(%(notices)s::text[], %(channels)s::text[]) as d (notice, channel)
join notice n on n.id = d.notice and not n.test
join notice_channel nc on nc.notice_id = n.id and nc.channel = d.channel
join lateral (
  select min(b.first_at) as first_at, max(b.last_at) as last_at
  from notice_window w join batch b on b.window_id = w.id
  where w.notice_id = n.id and w.channel = nc.channel
) t on t.first_at is not null
