-- Who is asked for: one window of a released notice.
with asked as materialized (
  select w.id as window_id, w.notice_id, w.channel, w.rank, w.lo, w.hi,
    n.outage_id, n.side, n.lane, n.occasion, n.names,
    array(select t ->> 'component' from jsonb_array_elements(nc.touched) t) as touched,
    n.mode = 'guests' or n.test as guests_only,
    nc.facts ->> 'severity' is not distinct from 'critical' as critical,
    nc.hold_until as woken_at,
    (select s.reason from stop s where s.notice_id = w.notice_id and s.channel = w.channel) as stopped
  from notice_window w
  join notice n on n.id = w.notice_id
  join notice_channel nc on nc.notice_id = w.notice_id and nc.channel = w.channel
  where w.id = %(window)s
),
