-- When the clock of a notice (n, on a channel: nc) begins to run: with the arrival of the event that it tells of; if
-- nobody's event was its cause, when it was planned; and never before its hold ended.
cross join lateral (
  select greatest(
    case when nc.hold_until <= forewarn_at(nc.released_at) then nc.hold_until end,
    case when n.occasion = any (%(of_an_event)s::text[]) then coalesce(
      (select e.received_at from revision r join event e on e.id = r.event_id
        where r.outage_id = n.outage_id and r.revision = nc.revision), n.made_at)
    else n.made_at end) as since
) g
