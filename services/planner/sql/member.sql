-- Whoever is asked for: in which voice, told before or not, and with which letter, if that is known already.
wall as materialized (                     -- clocks on the walls; a zone strange to PostgreSQL keeps nobody from being told
  select z.id, z.name, w.clock::date as day, w.clock::time as hour
  from zone z cross join lateral (select forewarn_wall(%(moment)s, z.name) as clock offset 0) w
  where not %(critical)s and %(channel)s <> 'webhook' and w.clock is not null  -- a program does not sleep
),
heads as (
  select p.*, coalesce(p.told or p.named and %(occasion)s in ('correction', 'withdrawn'), false) as heard,
    coalesce((%(voices)s::text[])[p.strength],
      case when p.voice = any(%(voices)s::text[]) then p.voice end, %(plain_voice)s) as speaks,
    not %(guests_only)s or p.address = any(%(guests)s::text[])
      or %(channel)s <> 'webhook'          -- whose URL may hold an @ anywhere
        and '@' || substring(p.address from '[^@]*$') = any(%(guests)s::text[]) as guest,
    case when p.quiet_from <> p.quiet_to then (
      select date_bin(                     -- up to the next quarter of an hour, so that children are few
        '15 min', ((c.day + quiet.days + p.quiet_to) at time zone c.name) + interval '15 min' - interval '1 us', 'epoch')
      from wall c
      cross join lateral (
        select case
          when p.quiet_from < p.quiet_to and c.hour >= p.quiet_from and c.hour < p.quiet_to then 0
          when p.quiet_from > p.quiet_to and c.hour < p.quiet_to then 0
          when p.quiet_from > p.quiet_to and c.hour >= p.quiet_from then 1
        end as days
      ) quiet
      where c.id = p.zone_id
    ) end as asleep_until
  from people p
  where coalesce(p.rank, %(last_rank)s) <= %(rank)s  -- a rank that fell since joins a later window: nobody is left out
    and case
      when %(occasion)s = 'first' then p.rank is not null and not coalesce(p.told, false)
      when %(occasion)s in ('correction', 'withdrawn') then coalesce(p.named, false)
      when %(occasion)s = 'wake' then coalesce(p.awake, false)
      when %(occasion)s = 'cancelled' then coalesce(p.told, false)
      when %(occasion)s = 'delayed' then p.rank is not null or coalesce(p.told or p.owed, false)
      else p.rank is not null or coalesce(  -- of a reminder for some accounts others who were told wait for theirs
        p.told and (%(minimums)s::text[] is null or %(occasion)s = 'holding') or p.owed, false)
    end
  offset 0
),
member as (
  select h.id, h.locale, h.speaks as voice, h.heard as told, h.asleep_until,
    case
      when h.suppressed then coalesce(%(suppressed)s::jsonb ->> h.reason, 'S')
      when not h.guest then %(not_a_guest)s
      when %(occasion)s in ('wake', 'failover', 'replay') and %(withdrawn)s and not coalesce(h.heard or h.owed, false)
        then %(withdrawn_letter)s
      when %(stopped)s::text is not null then %(stops)s::jsonb ->> %(stopped)s::text
      when h.asleep_until is not null then %(moved)s
      else '.'
    end as letter,
    forewarn_recipient(h.id, h.address, h.zone_id, h.name, h.token,
      case when h.speaks = 'account_team' then accounts_of(h.id, %(components)s::int[]) else '' end) as recipient
  from heads h
),
