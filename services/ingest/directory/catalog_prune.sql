-- Remove what the catalog does not name. Stakes go with their account or component, by a trigger.
create temp table gone on commit drop as
select true as is_account, id from account a where not exists (
  select from staged_key k where k.key = a.key and coalesce(k.is_account, true))
union all
select false, id from component c where not exists (
  select from staged_key k where k.key = c.key and not coalesce(k.is_account, false));

create temp table bereft on commit drop as  -- whose stakes go: their side is asked anew
select k.subscriber_id from gone g join stake k on k.account_id = g.id where g.is_account
union
select k.subscriber_id from gone g join stake k on k.component_id = g.id where not g.is_account;

delete from account a using gone g where g.is_account and a.id = g.id;
delete from component c using gone g where not g.is_account and c.id = g.id;
