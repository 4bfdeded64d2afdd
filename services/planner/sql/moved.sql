-- Of a child of failures: whoever was moved to it, but for those who know by now what its parent tells: by something
-- newer on the child's channel or its parent's, or on the child's by something with all of its parent's news. `told`
-- counts all channels: who read the first words reads an update. A replay's parent was told on several channels.
parent as materialized (
  select n.outage_id, pc.channel, pc.released_at, (
    select max(r.revision) from revision r
    where r.outage_id = n.outage_id and r.newsworthy and r.revision <= pc.revision
  ) as news
  from notice n
  join notice_channel pc on pc.notice_id = n.parent
    and pc.channel = case n.occasion when 'replay' then %(channel)s else n.parent_channel end
  where n.id = %(notice)s::text
),
moved as materialized (
  select u.id
  from child_window k
  cross join lateral unnest(k.ids) as u (id)
  where k.notice_id = %(notice)s::text and k.channel = %(channel)s and k.rank = %(rank)s and k.lo = %(lo)s
    and u.id not in (select o.id from own o)
),
before as materialized (                   -- `offset 0`: one after the other, by index
  select u.id, n.knows, n.serial, array_position(%(all_voices)s::text[], c.voice) as voice,
    position(u.letter in %(told)s) > 0 as told
  from (
    select n.id, n.serial, nc.channel,
      nc.channel in (%(channel)s, p.channel) and nc.released_at > p.released_at
        or nc.channel = %(channel)s and p.channel <> %(channel)s and nc.revision >= p.news as knows
    from parent p
    join notice n on n.outage_id = p.outage_id and n.id <> %(notice)s::text
    join notice_channel nc on nc.notice_id = n.id
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
    select m.id, false as told, false as knows, null::bigint as serial, null::int as voice, true as moved from moved m
    union all
    select b.id, b.told, b.knows, b.serial, b.voice, false from before b
  ) h
  group by h.id
  having bool_or(h.moved) and not bool_or(h.told and h.knows)
),
found as (
  select h.id, null::int as strength, 0 as rank, h.told, false as named, false as owed, false as awake,
    (%(all_voices)s::text[])[h.newest[2]] as voice
  from heirs h
),
