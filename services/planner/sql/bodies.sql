-- Frozen batches and their recipients as they are now, only for positions still open.
with called as (
  select b.id, string_agg('[' || u.place - 1 || ',' || forewarn_recipient(s.id, d.address, s.zone_id, s.name, s.token,
      case when c.voice = 'account_team' then accounts_of(s.id, t.components) else '' end), ',') as recipients
  from batch b
  join notice_window w on w.id = b.window_id
  join notice_channel nc on nc.notice_id = w.notice_id and nc.channel = w.channel
  join content c on c.id = b.content_id
  cross join lateral (
    select array(select m.id from jsonb_array_elements(nc.touched) t join component m on m.key = t ->> 'component')
      as components offset 0
  ) t
  cross join lateral unnest(b.ids, string_to_array(b.outcomes, null)) with ordinality as u (id, letter, place)
  cross join lateral (select * from subscriber s where s.id = u.id offset 0) s
  cross join lateral (select d.address from address d where d.subscriber_id = u.id and d.channel = w.channel offset 0) d
  where b.id = any(%(batches)s) and u.letter = '.'
  group by b.id
),
batches as (
  select b.id, b.window_id, b.content_id, b.lane, b.epoch, b.sweep_no, length(b.outcomes) as size, c.recipients
  from batch b join called c on c.id = b.id
)
