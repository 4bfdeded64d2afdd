-- When the next rung of open planned work is due to leave, tests apart, and of how many outages one should have left.
select extract(epoch from min(p.due_at - t.now))::float as seconds,
  count(*) filter (where p.due_at < t.now - interval '1 min')::float as overdue
from (select forewarn_now() as now) t
join plan p on p.due_at is not null
join outage o on o.id = p.outage_id and o.closed_at is null and not o.test
