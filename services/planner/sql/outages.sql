-- Outages with the letters of all their positions, the newest promise, and what customers hear or wait for.
select o.*, forewarn_now() as now,
  (select string_agg(b.outcomes, '') from notice n join notice_window w on w.notice_id = n.id
    join batch b on b.window_id = w.id where n.outage_id = o.id) as outcomes,
  coalesce(
    (select p.due_at from promise p join notice n on n.id = p.notice_id
      where p.outage_id = o.id and p.state = 'open'
      order by n.side = 'outside' desc, n.serial desc, p.due_at limit 1),
    (select nc.promised_at from notice n join notice_channel nc on nc.notice_id = n.id
      where n.outage_id = o.id and nc.released_at is not null
      order by n.side = 'outside' desc, n.serial desc, nc.promised_at limit 1)
  ) as promised_at,
  exists (select from notice n join notice_channel nc on nc.notice_id = n.id
    where n.outage_id = o.id and n.side = 'outside' and nc.released_at is not null) as heard_outside,
  h.hold, h.hold_until,
  coalesce(o.calm_since <= forewarn_now() - greatest(%(settle)s * interval '1 min', a.outlives)
    and coalesce(o.stated ->> 'status', 'monitoring') = 'monitoring'
    and not exists (select from event e where e.source = o.source
      and e.alive and e.received_at >= o.calm_since + a.outlives), false) as source_silent
from outage o
cross join lateral (select case when o.alert then %(outlives)s else 1 end * interval '1 min' as outlives) a
left join lateral (
  select nc.hold, nc.hold_until from notice n join notice_channel nc on nc.notice_id = n.id
  where n.outage_id = o.id and n.side = 'outside' and nc.state = 'held' and nc.hold in ('after', 'person', 'storm')
  order by n.serial desc limit 1
) h on true
where (%(id)s::bigint is null or o.id = %(id)s) and (%(kind)s::text is null or o.kind = %(kind)s)
  and (%(open)s::boolean is null or (o.closed_at is null) = %(open)s)
order by o.closed_at is null desc, o.opened_at desc
limit 500
