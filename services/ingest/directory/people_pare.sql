-- Remove the stakes that the file no longer gives, of whomever it names; not of whoever has a line that is not taken.
create temp table whole on commit drop as
with taken as (select key, count(*) as lines from staged_person group by key)
select n.id, n.email, n.sms, n.webhook
from named n join staged_key k on k.key = n.key join taken t on (t.key, t.lines) = (k.key, k.lines);

analyze whole;

with gone as (
  delete from stake k using whole p
  where k.subscriber_id = p.id and not exists (
    select from wanted_stake w where (w.id, w.role) = (k.subscriber_id, k.role)
      and (w.account_id, w.component_id, w.team) is not distinct from (k.account_id, k.component_id, k.team))
  returning k.subscriber_id
)
insert into touched select subscriber_id from gone;
