-- Who is named at all, be it by an entry that is not taken: a prune leaves that alone.
insert into staged_fault select line, fault from staged_entry where fault is not null;

create temp table staged_key on commit drop as select distinct key, is_account from staged_entry where key is not null;
