-- People of a range of ids, each beside what is known of them. Ranges on every table: PostgreSQL infers none.
people as (
  select s.id, s.locale, s.zone_id, s.name, s.token, d.address, d.quiet_from, d.quiet_to,
    x.subscriber_id is not null as suppressed, x.reason, r.strength, r.rank,
    p.told, p.named, p.awake, p.voice
  from subscriber s
  join address d on d.subscriber_id = s.id and d.channel = %(channel)s and d.subscriber_id between %(lo)s and %(hi)s
  left join suppression x
    on x.subscriber_id = s.id and x.channel = %(channel)s and x.subscriber_id between %(lo)s and %(hi)s
  left join reached r on r.id = s.id
  left join past p on p.id = s.id
  where s.id between %(lo)s and %(hi)s and s.inside = %(inside)s
    and not exists (select from own o where o.id = s.id)
),
