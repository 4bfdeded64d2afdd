-- Warnings: what the communicator of an outage, or the next one, is told by a page. Each is told once.

create table warning (
  id text primary key,                                -- made of the next four, so that two clocks find the same one
  outage_id bigint not null references outage (id),
  kind text not null check (kind in ('promise', 'silence', 'unanswered')),
  slot text not null,                                 -- which promise and how long before it; which step of an escalation
  step integer not null check (step >= 0),            -- 0: to the communicator; from 1: to who comes next
  person text,                                        -- who is paged; null: there is nobody to page
  text text not null,                                 -- the page
  made_at timestamptz not null,                       -- as people read it
  expires_at timestamptz not null,                    -- real time; nobody is paged later
  attempt integer not null default 1,                 -- counts tries whose failure is known
  tries integer not null default 0,                   -- of publishing this attempt
  again_at timestamptz not null default clock_timestamp(),  -- real time
  state text not null default 'owed'
    check (state in ('owed', 'accepted', 'failed', 'unknown', 'suppressed', 'nobody')),
  ended_at timestamptz,                               -- as people read it
  error text
);
create index warning_by_outage on warning (outage_id);
create index warning_owed on warning (again_at) where state = 'owed';
grant select, insert, update on warning to forewarn_planner;
