-- Whom this outage's communicators were warned of what, and what became of the pages.
select w.made_at as at, w.kind, w.person, w.text, w.state, w.error
from warning w where w.outage_id = %(outage)s order by w.made_at, w.id
