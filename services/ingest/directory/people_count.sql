-- How many subscribers were added, changed, and left as they were.
with news as (select subscriber_id, bool_or(added) as added from touched group by subscriber_id)
select
  count(*) filter (where added) as added,
  count(*) filter (where not added) as changed,
  (select count(*) from named) - count(*) filter (where subscriber_id in (select id from named)) as unchanged
from news;
