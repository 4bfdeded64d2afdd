-- What could not be read; who has several lines; and unsubscribes, which count even where the rest of a line does not.
analyze staged_person (key);

insert into staged_fault select line, fault from staged_person where fault is not null;

create temp table repeated on commit drop as
select key from staged_person where key is not null group by key having count(*) > 1;

analyze repeated;

create temp table staged_unsubscribe on commit drop as
select distinct key, channel from staged_person cross join unnest(unsubscribed) as channel
where unsubscribed <> '{}' and key is not null;
