-- Planned work. Rungs that are still to come are not kept: they follow from the work as it stands. Kept is what became
-- of the others, each once, and when the next one is due.

create table rung (
  outage_id bigint not null references outage (id),
  side text not null check (side in ('inside', 'outside')),
  channel text not null,
  slot text not null,                                 -- which rung, and of what start
  occasion text not null,
  moment timestamptz not null,                        -- what the last recipient should know it by, as people read time
  leaves_at timestamptz not null,
  fate text not null check (fate in ('told', 'compressed', 'lapsed')),
  short boolean not null,                             -- later than its class asks: a breach
  late boolean not null,                              -- its moment had passed, though the work was known
  by_slot text,                                       -- the notice that tells it: its own, or a later one
  ended_at timestamptz not null default clock_timestamp(),
  primary key (outage_id, side, channel, slot)
);
create index rung_ended on rung (ended_at);
grant select, insert, update on rung to forewarn_planner;

alter table plan
  add due_at timestamptz;                             -- the next rung's time to leave; none: nothing is to come
create index plan_due on plan (due_at) where due_at is not null;

create index outage_by_revised on outage (revised_at);  -- so that a look for unplanned ones need not read them all

create index promise_due on promise (due_at) where state <> 'open';  -- of the last hour, asked for by the watch
