-- The notices of an outage on each channel, with their letters and moments as people read them.
select n.id, n.side, n.occasion, n.lane, n.made_at, nc.channel, nc.state, nc.revision, nc.promised_at, nc.replaced_by,
  forewarn_at(nc.released_at) as released_at, forewarn_at(t.first_at) as first_at, forewarn_at(t.last_at) as last_at,
  (select c.body ->> 'subject' from content c where c.notice_id = n.id and c.channel = nc.channel limit 1) as subject,
  coalesce(t.outcomes, '') as outcomes
from notice n
join notice_channel nc on nc.notice_id = n.id
left join lateral (
  select string_agg(b.outcomes, '') as outcomes, min(b.first_at) as first_at, max(b.last_at) as last_at
  from notice_window w join batch b on b.window_id = w.id
  where w.notice_id = n.id and w.channel = nc.channel
) t on true
where n.outage_id = %(outage)s
order by n.serial, nc.channel
