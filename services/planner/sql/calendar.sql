-- Planned work from a month ago to a year ahead, and every series that is not over, wherever its first window lies; with
-- when the newest revision was said, and whether customers heard of it.
select o.*, forewarn_now() as now, coalesce(r.at, o.revised_at) as said_at,
  exists (select from notice n join notice_channel nc on nc.notice_id = n.id
    where n.outage_id = o.id and n.side = 'outside' and nc.released_at is not null) as heard_outside,
  exists (select from notice n join notice_channel nc on nc.notice_id = n.id
    where n.outage_id = o.id and n.side = 'outside' and nc.state = 'held' and nc.hold = 'storm') as braked
from outage o
cross join lateral (select o.observed || o.stated as facts) f
left join revision r on r.outage_id = o.id and r.revision = o.revision
where o.kind <> 'incident' and not o.test and not o.withdrawn
  and case when f.facts ? 'recurrence' then o.closed_at is null
    else (f.facts #>> '{window,start}')::timestamptz < forewarn_now() + interval '12 months'
      and greatest((f.facts #>> '{window,end}')::timestamptz, (f.facts ->> 'expected_end')::timestamptz)
        >= forewarn_now() - interval '1 month' end
order by (f.facts #>> '{window,start}')::timestamptz, o.id
limit 2000
