-- What the watch shows, a row per gauge and label. All of it reads indexes of what is open; times are in seconds.
select 'backlog_windows' as gauge, n.lane as label, count(*)::float as value
from notice_window w join notice n on n.id = w.notice_id
where w.published_at is null and w.expanded_at is null group by n.lane
union all
select 'backlog_age', n.lane, extract(epoch from clock_timestamp() - min(nc.released_at))
from notice_channel nc join notice n on n.id = nc.notice_id
where nc.state = 'released' group by n.lane
union all
(
  with owed (arrow, since) as (
    select 'plan', least(o.revised_at, clock_timestamp() - (forewarn_now()
      - (select min(r.at) from revision r where r.outage_id = o.id and r.revision > coalesce(p.planned_revision, 0))))
    from outage o left join plan p on p.outage_id = o.id
    where o.revision > coalesce(p.planned_revision, 0)
    union all
    select 'expand', nc.released_at
    from notice_window w join notice_channel nc on nc.notice_id = w.notice_id and nc.channel = w.channel
    where w.published_at is null and w.expanded_at is null
      and not exists (select from notice_window l where l.notice_id = w.notice_id and l.channel = w.channel
        and l.rank < w.rank and l.expanded_at is null)
    union all
    select 'publish', w.expanded_at from notice_window w where w.published_at is null and w.expanded_at is not null
    union all
    select 'batch', b.made_at from batch b where position('.' in b.outcomes) > 0
  ),
  counted as (
    select arrow, count(*)::float as debts, extract(epoch from clock_timestamp() - min(since))::float as age
    from owed group by arrow
  )
  select 'debts', arrow, debts from counted
  union all
  select 'debt_age', arrow, age from counted
)
union all
select 'promises', p.state, count(*)
from promise p join outage o on o.id = p.outage_id
where o.closed_at is null and not o.test group by p.state
union all
(
  with standing as (
    select case when outage_id is not null then 'outage' when channel is not null then 'channel' else 'everything' end
      as scope, at from pause where lifted_at is null
  )
  select 'paused', scope, count(*) from standing group by scope
  union all
  select 'paused_seconds', scope, extract(epoch from forewarn_now() - min(at)) from standing group by scope
)
union all
select 'failed_events', '', count(*) from failed
where replayed_at is null and dismissed_at is null and forgotten_at is null
union all
select 'pages_in_vain', '', count(*)::float from warning w join outage o on o.id = w.outage_id and o.closed_at is null
where w.state in ('failed', 'unknown', 'nobody') and w.ended_at > forewarn_now() - interval '15 min'
