-- Open outages with what their communicator may have to be warned of; tests and what was withdrawn are nobody's duty.
select o.*, p.made_at, p.due_at, s.serial, s.news_at, s.holdings, h.since as held_since,
  g.revision as handed_revision, g.author as handed_by, forewarn_now() as now
from outage o
left join lateral (  -- the next promise that nothing on its way answers, of those that reached somebody
  select forewarn_at(nc.released_at) as made_at, p.due_at
  from promise p join notice n on n.id = p.notice_id
  join notice_channel nc on nc.notice_id = p.notice_id and nc.channel = p.channel
  where p.outage_id = o.id and p.state = 'open' and p.due_at > forewarn_now()
    and not exists (select from notice l join notice_channel lc on lc.notice_id = l.id and lc.channel = p.channel
      where l.outage_id = o.id and l.side = p.side and l.serial > n.serial
        and lc.ended is null and (lc.state <> 'held' or lc.hold is null)
        and l.occasion not in ('wake', 'failover', 'replay'))
    and (nc.state <> 'drained' or exists (select from notice_window w join batch b on b.window_id = w.id
      where w.notice_id = nc.notice_id and w.channel = nc.channel and b.last_at is not null))
  order by p.due_at limit 1
) p on true
left join lateral (  -- automatic notices on one side and channel since the last news of the outage to anybody
  select l.serial, l.news_at, count(*)::int as holdings
  from (select n.serial, forewarn_at(min(nc.released_at)) as news_at
    from notice n join notice_channel nc on nc.notice_id = n.id
    where n.outage_id = o.id and n.occasion not in ('holding', 'wake', 'failover', 'replay')
      and nc.released_at is not null
    group by n.serial order by n.serial desc limit 1) l
  join notice n on n.outage_id = o.id and n.serial > l.serial and n.occasion = 'holding'
  join notice_channel nc on nc.notice_id = n.id and nc.released_at is not null
  group by l.serial, l.news_at, n.side, nc.channel order by holdings desc limit 1
) s on true
left join lateral (  -- what was superseded in its hold was the same wait
  select min(n.made_at) as since
  from notice n join notice_channel nc on nc.notice_id = n.id
  where n.outage_id = o.id and n.side = 'outside' and nc.hold in ('after', 'person', 'storm')
    and nc.released_at is null and coalesce(nc.ended, 'superseded') = 'superseded'
  having bool_or(nc.state = 'held')
    and not exists (select from revision r where r.outage_id = o.id and r.by_person and r.at >= min(n.made_at))
) h on true
left join lateral (  -- the newest hand-over, if it is still theirs by it; after an hour it is no news
  select r.revision, r.author from revision r
  where r.outage_id = o.id and r.act = 'hand_over' and r.at > forewarn_now() - interval '1 h'
    and r.facts ->> 'communicator' = o.stated ->> 'communicator' and r.facts ->> 'communicator' = any(%(reach)s)
    and r.author is distinct from r.facts ->> 'communicator'
  order by r.revision desc limit 1
) g on true
where o.closed_at is null and not o.test and not o.withdrawn
  and o.id in (  -- of many that are open few have anything to be warned of; silence follows a promise
    select p.outage_id from promise p where p.state = 'open'
    union
    select n.outage_id from notice_channel nc join notice n on n.id = nc.notice_id where nc.state = 'held'
    union
    select r.outage_id from revision r where r.act = 'hand_over' and r.at > forewarn_now() - interval '1 h')
  and (p.due_at is not null or s.holdings is not null or h.since is not null or g.revision is not null)
order by o.id limit 500
