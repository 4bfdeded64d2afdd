-- The first lines that the database refused, each with all its reasons, and how many lines there are.
select line, string_agg(distinct reason, '; '), count(*) over ()
from staged_fault group by line order by line limit %s;
