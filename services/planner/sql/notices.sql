-- Notices of an outage, or one notice, on each channel, with their letters and moments as people read them.
select n.id, n.side, n.occasion, n.lane, n.made_at, nc.channel, nc.state, nc.revision, nc.promised_at, nc.replaced_by,
  nc.hold, nc.hold_until, nc.ended, n.parent, s.reason as stopped, p.state as promise,
  forewarn_at(nc.released_at) as released_at, forewarn_at(t.first_at) as first_at, forewarn_at(t.last_at) as last_at,
  (select coalesce(nullif(c.body ->> 'payload', '')::jsonb #>> '{data,subject}', c.body ->> 'subject')
    from content c where c.notice_id = n.id and c.channel = nc.channel limit 1) as subject,
  coalesce(t.outcomes, '') as outcomes
from notice n
join notice_channel nc on nc.notice_id = n.id
left join stop s on s.notice_id = nc.notice_id and s.channel = nc.channel
left join promise p on p.notice_id = nc.notice_id and p.channel = nc.channel
left join lateral (
  select string_agg(b.outcomes, '') as outcomes, min(b.first_at) as first_at, max(b.last_at) as last_at
  from notice_window w join batch b on b.window_id = w.id
  where w.notice_id = n.id and w.channel = nc.channel
) t on true
where (%(outage)s::bigint is null or n.outage_id = %(outage)s) and (%(notice)s::text is null or n.id = %(notice)s)
  and not (  -- where there was nobody, it is no notice: a first for whoever was left untold, a way that nobody has
    %(notice)s::text is null and nc.state = 'drained' and nc.released_at is not null and t.outcomes is null
    and (nc.channel <> 'email' or n.occasion = 'first'
      and exists (select from notice o join notice_channel oc on oc.notice_id = o.id and oc.channel = nc.channel
        where o.outage_id = n.outage_id and o.side = n.side and o.serial < n.serial and oc.released_at is not null)))
order by n.serial, nc.channel
