-- A failed event waits for a person until it was replayed or dismissed.

alter table failed
  add dismissed_at timestamptz,
  add dismissed_by text,                              -- the operator's name
  add dismissed_why text,
  add check (num_nulls(dismissed_at, dismissed_by, dismissed_why) in (0, 3));
