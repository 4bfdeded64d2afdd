-- Whoever was found, with what is known of them, looked up one by one: `offset 0`.
people as (
  select s.*, d.*, f.strength, f.rank, f.told, f.named, f.owed, f.awake, f.voice
  from found f
  cross join lateral (
    select s.id, s.locale, s.zone_id, s.name, s.token
    from subscriber s where s.id = f.id and s.inside = %(inside)s offset 0
  ) s
  cross join lateral (
    select d.address, d.quiet_from, d.quiet_to, x.subscriber_id is not null as suppressed, x.reason
    from address d left join suppression x on x.subscriber_id = d.subscriber_id and x.channel = d.channel
    where d.subscriber_id = s.id and d.channel = %(channel)s offset 0
  ) d
),
