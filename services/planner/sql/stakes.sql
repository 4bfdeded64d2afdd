-- A subscriber's stakes, with the touched components that each leads to.
select k.role, t.name as account, c.key as component, k.team,
  array(select m.key from uses u join component m on m.id = u.component_id
    where u.account_id = k.account_id and m.key = any(%(touched)s) order by m.key) as used,
  array(select m.key from component m where m.owner = k.team and m.key = any(%(touched)s) order by m.key) as team_owns
from stake k
left join account t on t.id = k.account_id
left join component c on c.id = k.component_id
where k.subscriber_id = %(subscriber)s
order by k.role, t.name, c.key, k.team
