-- Moves whoever a notice failed to reach on a channel to a child on another one, or on the same: their letters become
-- moved, their ids stand by the parent's ranks, and the child waits at the gate; returned is how many it is for.
-- The parent's batches are locked. Nobody is moved who has a place of the parent on the other channel, other than one
-- that was stopped, who was told there all the news that the parent tells, or who was told by something newer since on
-- either; and without anybody there is no child.
with parent as (
  select n.*, nc.released_at, (
    select max(r.revision) from revision r
    where r.outage_id = n.outage_id and r.newsworthy and r.revision <= nc.revision
  ) as news
  from notice n join notice_channel nc on nc.notice_id = n.id
  where n.id = %(parent)s and nc.channel = %(from)s
),
lost as materialized (
  select w.rank, b.id as batch, u.id, u.place::int as place
  from notice_window w
  join batch b on b.window_id = w.id
  cross join lateral unnest(b.ids, string_to_array(b.outcomes, null)) with ordinality as u (id, letter, place)
  where w.notice_id = %(parent)s and w.channel = %(from)s and b.outcomes ~ %(some_failed)s
    and u.letter = any(%(failed)s)
),
heard as materialized (
  select u.id
  from parent p
  join notice n on n.outage_id = p.outage_id
  join notice_channel nc on nc.notice_id = n.id and nc.channel in (%(from)s, %(to)s)
  join notice_window w on w.notice_id = n.id and w.channel = nc.channel
    and w.lo <= (select max(l.id) from lost l) and w.hi >= (select min(l.id) from lost l)
  join batch b on b.window_id = w.id
  cross join lateral unnest(b.ids, string_to_array(b.outcomes, null)) as u (id, letter)
  where (u.id in (select l.id from lost l)) is true  -- so a hash, whatever is expected of an array
    and (position(u.letter in %(told)s) > 0 and (nc.released_at > p.released_at
        or nc.channel = %(to)s and %(to)s <> %(from)s and nc.revision >= p.news)
      or n.id = p.id and nc.channel <> %(from)s and u.letter <> all(%(stopped)s))
),
heirs as materialized (
  select l.*, (row_number() over (partition by l.rank order by l.id) - 1) / %(most)s as part
  from lost l
  where l.id not in (select h.id from heard h)
    and exists (select from address a
      where a.subscriber_id = l.id and a.channel = %(to)s and (a.consent or %(to)s = %(from)s))
    and not exists (select from suppression x where x.subscriber_id = l.id and x.channel = %(to)s)
),
moved as (
  update batch b set outcomes = m.outcomes
  from (
    select o.id, l.outcomes
    from (select h.batch, array_agg(h.place) as places from heirs h group by h.batch) h
    join batch o on o.id = h.batch
    cross join lateral (
      select string_agg(case when u.place = any(h.places) then %(moved)s else u.letter end, '' order by u.place)
        as outcomes
      from string_to_table(o.outcomes, null) with ordinality as u (letter, place)
    ) l
  ) m
  where b.id = m.id
),
child as (
  insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test, parent,
    parent_channel, minimums)
  select %(child)s, p.outage_id, p.side, %(occasion)s, %(slot)s, p.lane, forewarn_now(), p.policy_hash, p.mode,
    p.test, p.id, %(from)s, p.minimums
  from parent p where exists (select from heirs)
  on conflict (id) do nothing
),
way as (
  insert into notice_channel (notice_id, channel, state)
  select %(child)s, %(to)s, 'waiting' where exists (select from heirs)
),
windows as (
  insert into child_window (notice_id, channel, rank, lo, hi, ids)
  select %(child)s, %(to)s, h.rank, min(h.id), max(h.id), array_agg(h.id order by h.id)
  from heirs h group by h.rank, h.part
)
select count(*)::int as people from heirs
