-- People of a range of ids, each beside what is known of them. Ranges on every table: PostgreSQL infers none.
-- Whoever has a place already is not in `reached`; without being in `past` either they are no members. A first
-- notice tells nobody who is not reached, so there `past` may keep them.
people as (
  select s.id, s.locale, s.zone_id, s.name, s.token, d.address, d.quiet_from, d.quiet_to,
    x.subscriber_id is not null as suppressed, x.reason, r.strength, r.rank,
    p.told, p.named, p.owed, p.awake, p.voice
  from subscriber s
  join address d on d.subscriber_id = s.id and d.channel = %(channel)s and d.subscriber_id between %(lo)s and %(hi)s
  left join suppression x
    on x.subscriber_id = s.id and x.channel = %(channel)s and x.subscriber_id between %(lo)s and %(hi)s
  left join reached r on r.id = s.id
  left join (
    select p.* from past p where p.id not in (select o.id from own o where %(occasion)s <> 'first')
  ) p on p.id = s.id
  where s.id between %(lo)s and %(hi)s and s.inside = %(inside)s
),
