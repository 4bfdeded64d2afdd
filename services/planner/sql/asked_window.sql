-- Who is asked for: one window of a released notice, as parameters of the statements that find members.
select w.id as window, w.notice_id as notice, w.channel, w.rank, w.lo, w.hi, w.way, w.expanded_at,
  n.outage_id as outage, n.minimums, n.side = 'inside' as inside, n.lane, n.occasion,
  n.mode = 'guests' or n.test as guests_only,
  array(select c.id from component c where c.key = any(t.keys)) as components,
  array(select c.owner from component c where c.owner is not null and c.key = any(t.keys)) as teams,
  array(                                   -- what a correction takes back; a child told again what a named one told
    select m.id from notice m where m.outage_id = n.outage_id and (n.names = '{}' or m.id = any(n.names)
      or m.occasion in ('wake', 'failover', 'replay') and m.serial > (select min(k.serial) from notice k where k.id = any(n.names)))
  ) as named,
  array(select distinct c.locale from content c where c.notice_id = n.id and c.channel = w.channel) as locales,
  coalesce((select o.withdrawn from outage o where o.id = n.outage_id), false) as withdrawn,
  (select s.reason from stop s where s.notice_id = w.notice_id and s.channel = w.channel) as stopped,
  nc.facts ->> 'severity' is not distinct from 'critical' as critical,
  nc.hold_until as woken_at,
  forewarn_now() as moment,
  (select epoch from control) as epoch
from notice_window w
join notice n on n.id = w.notice_id
join notice_channel nc on nc.notice_id = w.notice_id and nc.channel = w.channel
cross join lateral (select array(select t ->> 'component' from jsonb_array_elements(nc.touched) t) as keys) t
where w.id = %(window)s and w.published_at is null
for update of w skip locked
