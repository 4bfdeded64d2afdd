-- Promises that came due in the last hour, tests apart, by how they ended; of each kind those of the last 15 min whose
-- outage is open, and which were missed, are news.
select p.state, coalesce(replace(p.cause, ' ', '_'), 'none') as cause, count(*)::float as ended,
  count(*) filter (where p.state = 'missed' and o.closed_at is null
    and p.due_at > t.now - interval '15 min')::float as lately
from (select forewarn_now() as now) t
join promise p on p.state <> 'open' and p.due_at > t.now - interval '1 hour' and p.due_at <= t.now
join outage o on o.id = p.outage_id and not o.test
group by p.state, p.cause
