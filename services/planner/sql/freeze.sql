-- Freeze the batches of one window: its members' places and letters; sleepers in batches apart, by when they wake.
placed as (
  select m.id, m.letter, coalesce(own.id, plain.id) as content_id,
    case when m.asleep_until is not null and m.letter = %(moved)s then m.asleep_until end as wake_at
  from asked a
  cross join member m
  left join content own on own.notice_id = a.notice_id and own.channel = a.channel
    and own.voice = m.voice and own.told = m.told and own.locale = split_part(m.locale, '-', 1)
  left join content plain on plain.notice_id = a.notice_id and plain.channel = a.channel
    and plain.voice = m.voice and plain.told = m.told and plain.locale = %(plain_locale)s
),
chunked as (
  select p.*, (row_number() over (partition by content_id, wake_at order by id) - 1) / %(size)s as chunk from placed p
)
insert into batch (window_id, content_id, lane, ids, outcomes, wake_at, epoch, again_at)
select a.window_id, c.content_id, a.lane,
  array_agg(c.id order by c.id), string_agg(c.letter, '' order by c.id), c.wake_at,
  (select epoch from control), clock_timestamp() + %(sweep)s::interval
from asked a cross join chunked c
group by a.window_id, a.lane, c.content_id, c.wake_at, c.chunk
