-- The members who would be called.
called as (select m.id from member m where m.letter = %(open)s)
select id from called
