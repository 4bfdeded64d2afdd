-- Set aside whoever's one line says just what stands already: nearly everybody, on most days. Just that and no more:
-- nothing of theirs is to be removed either, and whoever else claims an address of theirs cannot have it.
create temp table known on commit drop as
select p.line, s.id, p.role, p.accounts, p.components, p.teams, p.email, p.sms, p.webhook, p.consents,
  p.quiet_from, p.quiet_to, num_nonnulls(p.email, p.sms, p.webhook) as addresses,
  cardinality(p.accounts) + cardinality(p.components) + cardinality(p.teams) as targets
from staged_person p join subscriber s using (key) join zone z on z.id = s.zone_id
where p.fault is null
  and coalesce(p.name, s.name) = s.name
  and coalesce(p.locale, s.locale) = s.locale
  and coalesce(p.zone, z.name) = z.name
  and p.inside = s.inside
  and not exists (select from repeated r where r.key = p.key);

analyze known (id, line);

create temp table reached on commit drop as
select k.id
from known k left join address a on a.subscriber_id = k.id
group by k.id
having count(a.channel) = min(k.addresses) and coalesce(bool_and(
  case a.channel when 'email' then k.email when 'sms' then k.sms when 'webhook' then k.webhook end
    is not distinct from a.address
  and (k.consents is null or a.consent = (a.channel = any (k.consents)))
  and coalesce(k.quiet_from, a.quiet_from) is not distinct from a.quiet_from
  and coalesce(k.quiet_to, a.quiet_to) is not distinct from a.quiet_to
) filter (where a.channel is not null), true);

analyze reached;

create temp table concerned on commit drop as
select k.id
from known k join stake t on t.subscriber_id = k.id
left join account a on a.id = t.account_id
left join component c on c.id = t.component_id
group by k.id
having count(*) = min(greatest(k.targets, 1)) and bool_and(t.role = k.role and case
  when t.account_id is not null then a.key = any (k.accounts)
  when t.component_id is not null then c.key = any (k.components)
  when t.team is not null then t.team = any (k.teams)
  else k.targets = 0 end);

analyze concerned;

with gone as (
  delete from staged_person p using known k join reached using (id) join concerned using (id)
  where p.line = k.line
  returning k.id
)
insert into same select id from gone;

analyze staged_person (key);
