-- Whoever is reached or has a place. `offset 0`: else `past` is run through for each of them; `not in`: so is `own`,
-- where few are expected there.
found as (
  select coalesce(r.id, p.id) as id, r.strength, r.rank, p.told, p.named, p.owed, p.awake, p.voice
  from reached r full join past p on p.id = r.id
  where coalesce(r.id, p.id) not in (select o.id from own o) offset 0
),
