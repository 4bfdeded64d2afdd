-- The message bodies of `batches`: everything dispatch needs; none of a stopped notice. No JSON is parsed again.
select b.id, b.lane, w.channel, left(json_build_object(
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
    'size', b.size,
    'sender_name', %(sender_name)s::text,
    'sender_address', %(sender_address)s::text,
    'unsubscribe_base', %(unsubscribe_base)s::text,
    'content', c.body
  )::text, -1) || ', "recipients": [' || b.recipients || ']}' as body
from batches b
join notice_window w on w.id = b.window_id
join notice n on n.id = w.notice_id
join notice_channel nc on nc.notice_id = w.notice_id and nc.channel = w.channel
join outage o on o.id = n.outage_id
join content c on c.id = b.content_id
where not exists (select from stop p where p.notice_id = w.notice_id and p.channel = w.channel)
order by b.id
