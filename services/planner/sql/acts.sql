-- What persons and the clock said of an outage, and what persons did to its sending, in order of time.
select e.received_at as at, e.author, e.role, e.act, e.id as event, e.format, e.body, e.verdict, e.reason,
  e.from_revision, coalesce(r.revision, e.revision) as revision,
  null as channel, null as notice_id, null as occasion, null as side, 0 as kind, 0 as serial
from event e
left join revision r on r.event_id = e.id and r.outage_id = %(outage)s and r.act in ('merge', 'split')
where (e.outage_id = %(outage)s or r.event_id is not null) and (e.act <> 'report' or e.author is not null)
union all
select a.at, a.author, a.role, a.act, null, null, null, null, a.reason,
  null, a.revision, a.channel, a.notice_id, n.occasion, n.side, 1, a.id
from sending_act a left join notice n on n.id = a.notice_id
where a.outage_id = %(outage)s
order by at, kind, serial, revision
