-- Outages with the letters of all their positions, and the newest promise.
select o.*, forewarn_now() as now,
  (select string_agg(b.outcomes, '') from notice n join notice_window w on w.notice_id = n.id
    join batch b on b.window_id = w.id where n.outage_id = o.id) as outcomes,
  (select nc.promised_at from notice n join notice_channel nc on nc.notice_id = n.id
    where n.outage_id = o.id and nc.released_at is not null order by n.side = 'outside' desc, n.serial desc limit 1)
    as promised_at
from outage o
where (%(id)s::bigint is null or o.id = %(id)s) and (%(kind)s::text is null or o.kind = %(kind)s)
  and (%(open)s::boolean is null or (o.closed_at is null) = %(open)s)
order by o.closed_at is null desc, o.opened_at desc
limit 500
