-- The pauses that stand, oldest first.
select p.id, p.channel, p.reason, p.author, p.at, p.outage_id, o.kind, o.number
from pause p left join outage o on o.id = p.outage_id
where p.lifted_at is null
order by p.id
