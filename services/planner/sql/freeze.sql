-- Freeze the batches of one window, sleepers in batches apart, by when they wake; returned is what is to be called.
grouped as materialized (
  select g.voice, g.told, g.locale, g.wake_at, array_agg(g.id) as ids, string_agg(g.letter, '') as letters
  from (
    select m.id, m.voice, m.told, m.letter,
      case when split_part(m.locale, '-', 1) = any(%(locales)s::text[])
        then split_part(m.locale, '-', 1) else %(plain_locale)s end as locale,
      case when m.letter = %(moved)s then m.asleep_until end as wake_at
    from member m
  ) g
  group by g.voice, g.told, g.locale, g.wake_at
),
frozen as (
  insert into batch (window_id, content_id, lane, ids, outcomes, wake_at, epoch, again_at)
  select %(window)s,
    (select c.id from content c where c.notice_id = %(notice)s and c.channel = %(channel)s
      and c.voice = g.voice and c.locale = g.locale and c.told = g.told),
    %(lane)s, g.ids[first : first + %(size)s - 1], substr(g.letters, first, %(size)s), g.wake_at,
    %(epoch)s, clock_timestamp() + %(sweep)s::interval
  from grouped g cross join generate_series(1, cardinality(g.ids), %(size)s::int) first
  returning id, window_id, content_id, lane, epoch, sweep_no, ids, outcomes
),
called as (                                -- `offset 0`: else all members are run through for each batch
  select u.batch_id as id, string_agg('[' || u.place - 1 || ',' || m.recipient, ',') as recipients
  from (
    select f.id as batch_id, u.id, u.place from frozen f
    cross join lateral unnest(f.ids, string_to_array(f.outcomes, null)) with ordinality as u (id, letter, place)
    where u.letter = '.' offset 0
  ) u
  join member m on m.id = u.id
  group by u.batch_id
),
batches as (
  select f.id, f.window_id, f.content_id, f.lane, f.epoch, f.sweep_no, length(f.outcomes) as size, c.recipients
  from frozen f join called c on c.id = f.id
)
