-- Of a child of failures: whoever was moved to it, but for those who were told by something newer since, on the
-- child's channel or its parent's. `told` counts both: who read the first words reads an update.
moved as materialized (
  select u.id, p.outage_id, p.released_at, n.parent_channel
  from child_window k
  join notice n on n.id = k.notice_id
  join notice_channel pc on pc.notice_id = n.parent and pc.channel = n.parent_channel
  cross join lateral (select n.outage_id, pc.released_at) p
  cross join lateral unnest(k.ids) as u (id)
  where k.notice_id = %(notice)s::text and k.channel = %(channel)s and k.rank = %(rank)s and k.lo = %(lo)s
    and u.id not in (select o.id from own o)
),
before as materialized (                   -- `offset 0`: one after the other, by index
  select u.id, n.released_at > n.since as newer, n.serial, array_position(%(all_voices)s::text[], c.voice) as voice,
    position(u.letter in %(told)s) > 0 as told
  from (
    select n.id, n.serial, nc.channel, nc.released_at, m.released_at as since
    from (select m.outage_id, m.released_at, m.parent_channel from moved m limit 1) m
    join notice n on n.outage_id = m.outage_id and n.id <> %(notice)s::text
    join notice_channel nc on nc.notice_id = n.id and nc.channel in (%(channel)s, m.parent_channel)
    offset 0
  ) n
  cross join lateral (
    select w.id from notice_window w
    where w.notice_id = n.id and w.channel = n.channel and w.lo <= %(hi)s and w.hi >= %(lo)s offset 0
  ) w
  cross join lateral (select b.ids, b.outcomes, b.content_id from batch b where b.window_id = w.id offset 0) b
  cross join lateral (select c.voice from content c where c.id = b.content_id offset 0) c
  cross join lateral unnest(b.ids, string_to_array(b.outcomes, null)) as u (id, letter)
  where (u.id in (select m.id from moved m)) is true  -- so a hash: few are expected, and a join would be a nested loop
),
heirs as materialized (                    -- no join: the same expectation would make it a nested loop
  select h.id, bool_or(h.told) as told, max(array[h.serial, h.voice]) as newest
  from (
    select m.id, false as told, false as newer, null::bigint as serial, null::int as voice, true as moved from moved m
    union all
    select b.id, b.told, b.newer, b.serial, b.voice, false from before b
  ) h
  group by h.id
  having bool_or(h.moved) and not bool_or(h.told and h.newer)
),
people as (
  select s.*, d.*, null::int as strength, 0 as rank, h.told, false as named, false as awake,
    (%(all_voices)s::text[])[h.newest[2]] as voice
  from heirs h
  cross join lateral (
    select s.id, s.locale, s.zone_id, s.name, s.token
    from subscriber s where s.id = h.id and s.inside = %(inside)s offset 0
  ) s
  cross join lateral (
    select d.address, d.quiet_from, d.quiet_to, x.subscriber_id is not null as suppressed, x.reason
    from address d left join suppression x on x.subscriber_id = d.subscriber_id and x.channel = d.channel
    where d.subscriber_id = s.id and d.channel = %(channel)s offset 0
  ) d
),
