-- Remove whom the file does not name. What they refused is kept, by hashes only: it holds if they come back.
-- Whoever goes is locked before their refusals are read: an unsubscribe under way is waited for, a later one waits.
select pg_advisory_xact_lock(hashtext('forewarn unsubscribe'));

create temp table gone on commit drop as
select s.id, s.key, s.token from subscriber s where not exists (select from staged_key k where k.key = s.key)
for update of s;

analyze gone;

insert into departed (person, token, email)
select forewarn_hash('key', g.key), g.token, forewarn_hash('email', a.address)
from gone g left join address a on (a.subscriber_id, a.channel) = (g.id, 'email');

insert into suppression_kept as kept (hash, channel, reason)
select forewarn_hash('key', g.key), x.channel, x.reason
from gone g join suppression x on x.subscriber_id = g.id and x.reason = 'unsubscribed'
union all
select forewarn_hash(x.channel, a.address), x.channel, x.reason
from gone g
join suppression x on x.subscriber_id = g.id
join address a on (a.subscriber_id, a.channel) = (g.id, x.channel)
on conflict (hash, channel) do update set reason = excluded.reason, at = excluded.at
where kept.reason <> excluded.reason and excluded.reason = 'unsubscribed';

delete from subscriber s using gone g where s.id = g.id;  -- a trigger takes their addresses and stakes along
