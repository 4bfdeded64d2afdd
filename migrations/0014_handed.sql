-- Whoever an outage is handed over to is paged that it is theirs.

alter table warning
  drop constraint warning_kind_check,
  add constraint warning_kind_check check (kind in ('handed', 'promise', 'silence', 'unanswered'));
create index revision_handed on revision (at) where act = 'hand_over';
