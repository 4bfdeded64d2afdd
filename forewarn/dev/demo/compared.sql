-- The ledger's letters beside the provider's acceptances: each person of each notice on each channel, once.
with said as (
  select w.notice_id, w.channel, u.id as subscriber_id, substr(b.outcomes, u.place::int, 1) as letter
  from batch b
  join notice_window w on w.id = b.window_id
  cross join lateral unnest(b.ids) with ordinality as u (id, place)
),
taken as (
  select notice_id, channel, subscriber_id, count(*) as times,
    min(regexp_replace(address, '^.*<(.*)>$', '\1')) as address  -- SES is given `Name <address>`
  from heard group by notice_id, channel, subscriber_id
)
select
  count(*) filter (where s.letter = 'a' and t.times > 0) as accepted,
  count(*) filter (where s.letter = 'a' and t.times is null) as lost,
  coalesce(sum(t.times - 1), 0)::bigint as doubled,
  count(*) filter (where t.times > 0 and coalesce(s.letter, '') not in ('a', 'u')) as unbidden,
  count(*) filter (where t.channel = 'email' and t.address is distinct from d.address) as misled
from said s
full join taken t using (notice_id, channel, subscriber_id)
left join address d on d.subscriber_id = t.subscriber_id and d.channel = t.channel
