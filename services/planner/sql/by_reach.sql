-- Whoever is reached or has a place, looked up one by one. `offset 0`: else `past` is run through for each
-- of them; `not in`: so is `own`, where few are expected there.
people as (
  select s.*, d.*, e.strength, e.rank, e.told, e.named, e.awake, e.voice
  from (
    select coalesce(r.id, p.id) as id, r.strength, r.rank, p.told, p.named, p.awake, p.voice
    from reached r full join past p on p.id = r.id
    where coalesce(r.id, p.id) not in (select o.id from own o) offset 0
  ) e
  cross join lateral (
    select s.id, s.locale, s.zone_id, s.name, s.token
    from subscriber s where s.id = e.id and s.inside = %(inside)s offset 0
  ) s
  cross join lateral (
    select d.address, d.quiet_from, d.quiet_to, x.subscriber_id is not null as suppressed, x.reason
    from address d left join suppression x on x.subscriber_id = d.subscriber_id and x.channel = d.channel
    where d.subscriber_id = s.id and d.channel = %(channel)s offset 0
  ) d
),
