-- Whoever has a stake in one of the inside roles is inside; only of the people named now.
with changed as (
  update subscriber s
  set inside = not s.inside
  from named n
  left join (select distinct subscriber_id from stake where role = any (%(inside)s)) k on k.subscriber_id = n.id
  where s.id = n.id and s.inside <> (k.subscriber_id is not null)
  returning s.id
)
insert into touched select id, false from changed;
