-- Who is named at all, be it on a line that is not taken: a prune leaves them alone.
create temp table staged_key on commit drop as
select key, count(*) as lines from staged_person where key is not null group by key;
