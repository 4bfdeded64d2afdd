-- Whoever has a stake in one of the inside roles is inside; only of the people named now who were there before. Stakes
-- are joined before they are told apart: so no plan, however wrong its estimate, reads all of `named` once a stake.
with changed as (
  update subscriber s
  set inside = not s.inside
  from (
    select n.id, coalesce(bool_or(k.role = any (%(inside)s)), false) as inside
    from named n left join stake k on k.subscriber_id = n.id
    where not n.added
    group by n.id
  ) n
  where s.id = n.id and s.inside <> n.inside
  returning s.id
)
insert into touched select id from changed;
