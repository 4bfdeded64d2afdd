-- Whoever is asked for: in which voice and words, and with which letter, if that is known already.
scope as materialized (
  select a.*,
    array(select c.id from component c where c.key = any(a.touched)) as components,
    array(select c.owner from component c where c.owner is not null and c.key = any(a.touched)) as teams,
    array(                                 -- what a correction takes back; a child told again what a named one told
      select n.id from notice n where n.outage_id = a.outage_id and (a.names = '{}' or n.id = any(a.names)
        or n.occasion = 'wake' and n.serial > (select min(k.serial) from notice k where k.id = any(a.names)))
    ) as named,
    coalesce((select o.withdrawn from outage o where o.id = a.outage_id), false) as withdrawn,
    forewarn_now() as moment
  from asked a
),
heard as (                                 -- how each role is heard on this side, strongest first
  select * from unnest(%(roles)s::text[], %(voices)s::text[], %(ranks)s::int[])
    with ordinality as h (role, voice, rank, strength)
),
past as materialized (                     -- who has a place in a notice of this outage on this channel already
  select p.subscriber_id,
    bool_or(n.own) as planned,
    bool_or(p.told and not n.own) as told,
    bool_or(p.told and n.named) as named,
    max(n.serial) is not distinct from     -- the newest place is one of a batch that sleeps no longer
      max(n.serial) filter (where b.wake_at <= a.woken_at) as awake,
    (array_agg(c.voice order by n.serial desc))[1] as voice
  from scope a
  cross join lateral (
    select n.id, n.serial, n.id is not distinct from a.notice_id as own, n.id = any(a.named) as named
    from notice n where n.outage_id = a.outage_id offset 0
  ) n
  join notice_window w on w.notice_id = n.id and w.channel = a.channel and w.lo <= a.hi and w.hi >= a.lo
  join batch b on b.window_id = w.id
  join content c on c.id = b.content_id
  cross join lateral (
    select u.id as subscriber_id, position(substr(b.outcomes, u.place::int, 1) in %(told)s) > 0 as told
    from unnest(b.ids) with ordinality as u (id, place) offset 0
  ) p
  where p.subscriber_id between a.lo and a.hi
  group by p.subscriber_id
),
addressed as (                             -- `offset 0`: else the planner may run through `past` for each of them
  select s.id, s.locale, s.zone_id, p.voice, coalesce(p.told, false) as told
  from scope a
  join subscriber s on s.id between a.lo and a.hi and s.inside = (a.side = 'inside')
  left join past p on p.subscriber_id = s.id
  where not coalesce(p.planned, false) and case
    when a.occasion = 'first' then not coalesce(p.told, false)
    when a.occasion in ('correction', 'withdrawn') then coalesce(p.named, false)
    when a.occasion = 'wake' then coalesce(p.awake, false)
    else true
  end
  offset 0
),
wall as materialized (                     -- clocks on the walls; a zone strange to PostgreSQL keeps nobody from being told
  select z.id, z.name, (a.moment at time zone z.name)::date as day, (a.moment at time zone z.name)::time as hour
  from scope a cross join zone z
  where not a.critical and z.name in (select name from pg_timezone_names)
),
heads as (
  select s.id, s.locale, s.told, x.reason, x.subscriber_id is not null as suppressed,
    coalesce(m.voice, case when s.voice = any(%(voices)s) then s.voice end, %(plain_voice)s) as voice,
    not a.guests_only or d.address = any(%(guests)s::text[])
      or '@' || substring(d.address from '[^@]*$') = any(%(guests)s::text[]) as guest,
    case when a.channel <> 'webhook' and d.quiet_from <> d.quiet_to then (  -- a program does not sleep
      select date_bin(                     -- up to the next quarter of an hour, so that children are few
        '15 min', ((c.day + quiet.days + d.quiet_to) at time zone c.name) + interval '15 min' - interval '1 us', 'epoch')
      from wall c
      cross join lateral (
        select case
          when d.quiet_from < d.quiet_to and c.hour >= d.quiet_from and c.hour < d.quiet_to then 0
          when d.quiet_from > d.quiet_to and c.hour < d.quiet_to then 0
          when d.quiet_from > d.quiet_to and c.hour >= d.quiet_from then 1
        end as days
      ) quiet
      where c.id = s.zone_id
    ) end as asleep_until
  from scope a
  cross join addressed s
  join address d on d.subscriber_id = s.id and d.channel = a.channel
  left join suppression x on x.subscriber_id = s.id and x.channel = a.channel
  cross join lateral (
    select (array_agg(h.voice order by h.strength))[1] as voice,
      min(h.rank + case when a.side = 'outside'
        then coalesce(array_position(%(tiers)s::text[], t.tier) - 1, cardinality(%(tiers)s::text[])) else 0 end) as rank
    from stake k
    join heard h on h.role = k.role
    left join account t on t.id = k.account_id
    where k.subscriber_id = s.id and (
      num_nonnulls(k.account_id, k.component_id, k.team) = 0
      or exists (select from uses u where u.account_id = k.account_id and u.component_id = any(a.components))
      or k.component_id = any(a.components)
      or k.team = any(a.teams))
  ) m
  where (m.voice is not null or s.told or a.occasion = 'wake')
    and coalesce(m.rank, %(last_rank)s) <= a.rank  -- a rank that fell since joins a later window: nobody is left out
  offset 0
),
member as (
  select h.id, h.locale, h.voice, h.told, h.asleep_until,
    case
      when h.suppressed then coalesce(%(suppressed)s::jsonb ->> h.reason, 'S')
      when not h.guest then %(not_a_guest)s
      when a.occasion = 'wake' and a.withdrawn and not h.told then %(withdrawn)s
      when a.stopped is not null then %(stops)s::jsonb ->> a.stopped
      when h.asleep_until is not null then %(moved)s
      else '.'
    end as letter
  from scope a cross join heads h
),
