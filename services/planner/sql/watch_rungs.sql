-- Rungs that ended since a moment of real time, tests apart, by the class of their work and their fate. The moment comes
-- from outside: a volatile clock in here would keep the index out.
with ended as (
  select outage_id, fate, count(*) as rungs, count(*) filter (where short and fate = 'told') as short,
    count(*) filter (where late) as late
  from rung where ended_at > %(since)s group by outage_id, fate
)
select coalesce(o.stated ->> 'notice_class', o.observed ->> 'notice_class', 'standard') as class, e.fate,
  sum(e.rungs)::float as rungs, sum(e.short)::float as short, sum(e.late)::float as late, count(*)::float as outages
from ended e join outage o on o.id = e.outage_id and not o.test
group by 1, 2
