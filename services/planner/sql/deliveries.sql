-- What everybody, or one subscriber, was sent in an outage: a row per position, newest notice last. Of an incident that
-- was merged the whole has the notices.
select s.key as subscriber, s.name, n.side, c.voice, w.channel, n.occasion, n.id as notice,
  substr(b.outcomes, u.place::int, 1) as letter, forewarn_at(b.last_at) as at, b.wake_at,
  coalesce(nullif(c.body ->> 'payload', '')::jsonb #>> '{data,subject}', c.body ->> 'subject') as subject,
  case when %(subscriber)s::bigint is not null then c.body end as body,
  s.zone_id, accounts_of(s.id, nc.touched) as accounts
from outage o
left join outage whole on whole.kind = o.kind and whole.number = o.merged_into
join notice n on n.outage_id = o.id or n.outage_id = whole.id and n.merged_from = o.id
join notice_channel nc on nc.notice_id = n.id
join notice_window w on w.notice_id = n.id and w.channel = nc.channel
join batch b on b.window_id = w.id
join content c on c.id = b.content_id
cross join lateral unnest(b.ids) with ordinality as u (id, place)
join subscriber s on s.id = u.id
where o.id = %(outage)s and (%(subscriber)s::bigint is null
  or w.lo <= %(subscriber)s and w.hi >= %(subscriber)s and u.id = %(subscriber)s)
order by n.serial, w.channel, b.id, u.place
limit %(most)s
