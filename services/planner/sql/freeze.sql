-- Freeze the batches of one window: who, in which voice and words, in which place, with which letters already known.
with asked as (
  select w.id as window_id, w.notice_id, w.channel, w.rank, w.lo, w.hi,
    n.outage_id, n.side, n.lane, n.occasion,
    array(select c.id from component c where c.key in
      (select t ->> 'component' from jsonb_array_elements(nc.touched) t)) as components,
    array(select c.owner from component c where c.owner is not null and c.key in
      (select t ->> 'component' from jsonb_array_elements(nc.touched) t)) as teams
  from notice_window w
  join notice n on n.id = w.notice_id
  join notice_channel nc on nc.notice_id = w.notice_id and nc.channel = w.channel
  where w.id = %(window)s
),
heard as (                                 -- how each role is heard on this side, strongest first
  select * from unnest(%(roles)s::text[], %(voices)s::text[], %(ranks)s::int[])
    with ordinality as h (role, voice, rank, strength)
),
past as materialized (                     -- who has a place in a notice of this outage on this channel already
  select p.subscriber_id,
    bool_or(n.id = a.notice_id) as planned,
    bool_or(n.id <> a.notice_id and position(p.letter in %(told)s) > 0) as told,
    (array_agg(c.voice order by n.serial desc))[1] as voice
  from asked a
  join notice n on n.outage_id = a.outage_id
  join notice_window w on w.notice_id = n.id and w.channel = a.channel and w.lo <= a.hi and w.hi >= a.lo
  join batch b on b.window_id = w.id
  join content c on c.id = b.content_id
  cross join lateral (
    select u.id as subscriber_id, substr(b.outcomes, u.place::int, 1) as letter
    from unnest(b.ids) with ordinality as u (id, place)
  ) p
  where p.subscriber_id between a.lo and a.hi
  group by p.subscriber_id
),
member as (
  select s.id, s.locale,
    coalesce(m.voice, case when p.voice = any(%(voices)s) then p.voice end, %(plain_voice)s) as voice,
    coalesce(p.told, false) as told,
    x.reason
  from asked a
  join subscriber s on s.id between a.lo and a.hi and s.inside = (a.side = 'inside')
  join address d on d.subscriber_id = s.id and d.channel = a.channel
  left join suppression x on x.subscriber_id = s.id and x.channel = a.channel
  left join past p on p.subscriber_id = s.id
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
  where not coalesce(p.planned, false)
    and (m.voice is not null or coalesce(p.told, false))
    and not (a.occasion = 'first' and coalesce(p.told, false))
    and coalesce(m.rank, %(last_rank)s) <= a.rank  -- a rank that fell since joins a later window: nobody is left out
),
placed as (
  select m.id, coalesce(own.id, plain.id) as content_id,
    coalesce(%(suppressed)s::jsonb ->> m.reason, case when m.reason is null then '.' else 'S' end) as letter
  from asked a
  cross join member m
  left join content own on own.notice_id = a.notice_id and own.channel = a.channel
    and own.voice = m.voice and own.told = m.told and own.locale = split_part(m.locale, '-', 1)
  left join content plain on plain.notice_id = a.notice_id and plain.channel = a.channel
    and plain.voice = m.voice and plain.told = m.told and plain.locale = %(plain_locale)s
),
chunked as (
  select p.*, (row_number() over (partition by content_id order by id) - 1) / %(size)s as chunk from placed p
)
insert into batch (window_id, content_id, lane, ids, outcomes, epoch, again_at)
select a.window_id, c.content_id, a.lane,
  array_agg(c.id order by c.id), string_agg(c.letter, '' order by c.id),
  (select epoch from control), clock_timestamp() + %(sweep)s::interval
from asked a cross join chunked c
group by a.window_id, a.lane, c.content_id, c.chunk
