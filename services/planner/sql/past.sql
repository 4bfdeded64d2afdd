-- Who has a place in this notice already, and who in another one of this outage on this channel. Whoever was told by,
-- or sleeps through, one that was planned for what is merged with it by now is owed how it goes on, in first words.
with own as materialized (
  select u.id
  from notice_window w
  cross join lateral (select b.ids from batch b where b.window_id = w.id offset 0) b
  cross join lateral unnest(b.ids) as u (id)
  where w.notice_id = %(notice)s::text and w.channel = %(channel)s and w.lo <= %(hi)s and w.hi >= %(lo)s
    and u.id between %(lo)s and %(hi)s
),
past as materialized (                     -- `offset 0`: one after the other, by index
  select p.id, bool_or(p.told and not p.adopted) as told, bool_or(p.told and p.named) as named,
    bool_or(p.adopted and (p.told or p.letter = %(moved)s)) as owed,
    max(p.serial) is not distinct from     -- the newest place is one of a batch that sleeps no longer
      max(p.serial) filter (where p.wake_at <= %(woken_at)s::timestamptz) as awake,
    (%(all_voices)s::text[])[(max(array[p.serial, p.voice]))[2]] as voice
  from (
    select u.id, u.letter, n.named, n.adopted, n.serial, b.wake_at, array_position(%(all_voices)s::text[], c.voice) as voice,
      position(u.letter in %(told)s) > 0 as told
    from (
      select n.id, n.serial, n.id = any(%(named)s::text[]) as named, n.merged_from is not null as adopted
      from notice n
      where n.outage_id = %(outage)s::bigint and n.id is distinct from %(notice)s::text offset 0
    ) n
    cross join lateral (
      select w.id from notice_window w
      where w.notice_id = n.id and w.channel = %(channel)s and w.lo <= %(hi)s and w.hi >= %(lo)s offset 0
    ) w
    cross join lateral (
      select b.ids, b.outcomes, b.wake_at, b.content_id from batch b where b.window_id = w.id offset 0
    ) b
    cross join lateral (select c.voice from content c where c.id = b.content_id offset 0) c
    cross join lateral unnest(b.ids, string_to_array(b.outcomes, null)) as u (id, letter)
    where u.id between %(lo)s and %(hi)s
  ) p
  group by p.id
),
