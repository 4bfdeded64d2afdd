-- How many entries were added, changed, and left as they were.
select
  count(*) filter (where t.added) as added,
  count(*) filter (where not t.added) as changed,
  count(*) filter (where t.added is null) as unchanged
from staged_entry s
left join (select is_account, key, bool_or(added) as added from touched group by 1, 2) t using (is_account, key);
