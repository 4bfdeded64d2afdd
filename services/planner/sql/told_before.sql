-- How many places an outage's notices have on a channel, at most so many people were told; of them, how many slept.
select coalesce(sum(cardinality(b.ids)), 0)::int as placed,
  coalesce(sum(cardinality(b.ids)) filter (where b.wake_at is not null), 0)::int as slept
from notice n
join notice_window w on w.notice_id = n.id and w.channel = %(channel)s
join batch b on b.window_id = w.id
where n.outage_id = %(outage)s
