-- What the accounts that use what is touched ask of planned work, each once: minimum notices, and countries. The uses
-- are looked up in a hash: a join would sort or group them all.
with touched as materialized (
  select t.country, t.minimum_notice from account t
  where coalesce(t.country, t.minimum_notice) is not null and (t.id in (
    select u.account_id from uses u
    where u.component_id = any(array(select c.id from component c where c.key = any(%(touched)s::text[])))
  )) is true
)
select array(select distinct minimum_notice from touched where minimum_notice is not null order by 1) as minimums,
  array(select distinct country from touched where country is not null order by 1) as countries
