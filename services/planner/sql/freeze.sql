-- Freeze the batches of one window, sleepers in batches apart, by when they wake; returned is what is to be called.
grouped as materialized (                  -- three aggregates in one pass: what stands at one place is of one person
  select g.voice, g.told, g.locale, g.wake_at, array_agg(g.id) as ids, string_agg(g.letter, '') as letters,
    array_agg(case when g.letter = '.' then g.recipient end) as recipients
  from (
    select m.id, m.voice, m.told, m.letter, m.recipient,
      case when split_part(m.locale, '-', 1) = any(%(locales)s::text[])
        then split_part(m.locale, '-', 1) else %(plain_locale)s end as locale,
      case when m.letter = %(moved)s then m.asleep_until end as wake_at
    from member m
  ) g
  group by g.voice, g.told, g.locale, g.wake_at
),
cut as materialized (
  select g.voice, g.told, g.locale, g.wake_at, g.ids[first : first + %(size)s - 1] as ids,
    substr(g.letters, first, %(size)s) as letters, (
      select '[' || min(u.place) - 1 || ',' || string_agg(u.recipient, ',[' || u.place - 1 || ',')
      from unnest(g.recipients[first : first + %(size)s - 1]) with ordinality as u (recipient, place)
      where u.recipient is not null
    ) as recipients
  from grouped g cross join generate_series(1, cardinality(g.ids), %(size)s::int) first
),
frozen as (
  insert into batch (window_id, content_id, lane, ids, outcomes, wake_at, epoch, again_at)
  select %(window)s,
    (select c.id from content c where c.notice_id = %(notice)s and c.channel = %(channel)s
      and c.voice = k.voice and c.locale = k.locale and c.told = k.told),
    %(lane)s, k.ids, k.letters, k.wake_at, %(epoch)s, clock_timestamp() + %(sweep)s::interval
  from cut k
  returning id, window_id, content_id, lane, epoch, sweep_no, ids[1] as first_id, length(outcomes) as size
),
batches as (                               -- nobody is in two batches of a window
  select f.id, f.window_id, f.content_id, f.lane, f.epoch, f.sweep_no, f.size, k.recipients
  from frozen f join cut k on k.ids[1] = f.first_id
  where k.recipients is not null
)
