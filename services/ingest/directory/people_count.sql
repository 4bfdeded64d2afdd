-- How many subscribers were added, changed, and left as they were.
with known as (
  select id from named where not added union all select subscriber_id from same
), changed as (
  select distinct subscriber_id as id from touched where subscriber_id not in (select id from named where added)
)
select
  (select count(*) from named where added) as added,
  (select count(*) from changed) as changed,
  (select count(*) from known) - (select count(*) from known where id in (select id from changed)) as unchanged;
