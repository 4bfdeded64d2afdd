-- The letters of some notices, each on its channel.
select w.notice_id as notice, w.channel, string_agg(b.outcomes, '') as letters
from unnest(%(notices)s::text[], %(channels)s::text[]) as a (notice, channel)
join notice_window w on w.notice_id = a.notice and w.channel = a.channel
join batch b on b.window_id = w.id
group by w.notice_id, w.channel
