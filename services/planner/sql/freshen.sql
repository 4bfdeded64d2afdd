-- Before frozen rows are published again: whoever is gone or has unsubscribed since is suppressed where still open.
update batch b set outcomes = f.outcomes
from (
  select o.id, string_agg(
    case when substr(o.outcomes, u.place::int, 1) <> '.' then substr(o.outcomes, u.place::int, 1)
      when x.subscriber_id is not null then coalesce(%(suppressed)s::jsonb ->> x.reason, 'S')
      when d.subscriber_id is null then %(erased)s
      else '.' end, '' order by u.place) as outcomes
  from batch o
  join notice_window w on w.id = o.window_id
  cross join lateral unnest(o.ids) with ordinality as u (id, place)
  left join address d on d.subscriber_id = u.id and d.channel = w.channel
  left join suppression x on x.subscriber_id = u.id and x.channel = w.channel
  where o.id = any(%(batches)s) and position('.' in o.outcomes) > 0
  group by o.id
) f
where b.id = f.id and b.outcomes <> f.outcomes
