-- The message bodies of frozen batches: everything dispatch needs, only for positions still open; none of a stopped notice.
select b.id, b.lane, w.channel, json_build_object(
    'batch_id', b.id,
    'notice_id', w.notice_id,
    'outage', %(prefixes)s::jsonb ->> o.kind || '-' || o.number,
    'occasion', n.occasion,
    'channel', w.channel,
    'lane', b.lane,
    'mode', n.mode,
    'test', n.test,
    'epoch', b.epoch,
    'turn', 1000 * b.sweep_no,
    'expires_at', nc.expires_at,
    'size', length(b.outcomes),
    'sender_name', %(sender_name)s::text,
    'sender_address', %(sender_address)s::text,
    'unsubscribe_base', %(unsubscribe_base)s::text,
    'content', c.body,
    'recipients', r.recipients
  )::text as body
from batch b
join notice_window w on w.id = b.window_id
join notice n on n.id = w.notice_id
join notice_channel nc on nc.notice_id = w.notice_id and nc.channel = w.channel
join outage o on o.id = n.outage_id
join content c on c.id = b.content_id
cross join lateral (
  select json_agg(json_build_array(
      u.place - 1, u.id, d.address, s.zone_id, s.name, s.token,
      case when c.voice = 'account_team' then accounts_of(u.id, nc.touched) else '' end
    ) order by u.place) as recipients
  from unnest(b.ids) with ordinality as u (id, place)
  join subscriber s on s.id = u.id
  join address d on d.subscriber_id = u.id and d.channel = w.channel
  where substr(b.outcomes, u.place::int, 1) = '.'
) r
where b.id = any(%(batches)s) and r.recipients is not null
  and not exists (select from stop p where p.notice_id = w.notice_id and p.channel = w.channel)
