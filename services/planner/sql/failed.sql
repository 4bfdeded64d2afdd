-- Failed events that wait for a person, newest first; or the one of this id. Without an event of its own id one that
-- waits no more was dismissed.
select f.id, f.at, f.source, f.author, f.role, f.format, f.reason, f.body, f.tries, f.forgotten_at,
  case when e.id is not null then f.replayed_at end as replayed_at,
  case when e.id is null then f.replayed_at end as dismissed_at
from failed f left join event e on e.id = f.id
where %(id)s::text is null and f.replayed_at is null or f.id = %(id)s
order by f.at desc limit 500
