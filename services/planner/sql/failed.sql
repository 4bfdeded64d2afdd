-- Failed events that wait for a person, newest first; or the one of this id.
select id, at, source, author, role, format, reason, body, tries, forgotten_at,
  replayed_at, dismissed_at, dismissed_by, dismissed_why
from failed
where %(id)s::text is null and replayed_at is null and dismissed_at is null or id = %(id)s
order by at desc limit 500
