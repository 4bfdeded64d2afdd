-- What could not be read.
analyze staged_person;

insert into staged_fault select line, fault from staged_person where fault is not null;
