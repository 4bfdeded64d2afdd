-- Open incidents, tests apart: for how long each is known, and whether anybody was told or nobody had to be. Whoever
-- is among `told` was seen to be told before, and is not looked through again.
select o.id, told,
  extract(epoch from forewarn_now()
    - (select min(e.received_at) from event e where e.outage_id = o.id))::float as age,
  not told
  and exists (select from notice n where n.outage_id = o.id)
  and not exists (  -- nothing is on its way but what waits for a person, or sleeps
    select from notice n join notice_channel nc on nc.notice_id = n.id
    where n.outage_id = o.id and (nc.state = 'released' or nc.state in ('held', 'waiting') and nc.hold is null))
  and not exists (
    select from notice n join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id
    where n.outage_id = o.id and b.outcomes ~ %(in_vain)s) as nobody
from outage o
cross join lateral (
  select o.id = any (%(told)s::bigint[]) or exists (
    select from notice n join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id
    where n.outage_id = o.id and b.outcomes ~ %(heard)s offset 0) as told
) t
where o.kind = 'incident' and o.closed_at is null and not o.test
