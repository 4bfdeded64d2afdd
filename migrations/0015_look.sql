-- Planned work is looked at again from time to time though no rung is due: what its accounts ask may have changed.

alter table plan
  add look_at timestamptz;                            -- none: nothing is to come
create index plan_look on plan (look_at) where look_at is not null;
update plan set look_at = due_at where due_at is not null;
