-- A hand on the wheel: release, pauses, stops, promises, corrections, quiet hours, and every human act as a row.

-- Outages: whether customers may hear, and since when nothing fires any more ----------------------------
alter table outage
  add release text not null default 'held' check (release in ('held', 'released', 'dismissed')),
  add alert boolean not null default false,           -- opened by a source of alerts
  add withdrawn boolean not null default false,       -- it never was (T17)
  add calm_since timestamptz;                         -- as people read it; null while a signal fires (T18)
update outage set release = 'released';               -- before this version everybody was told at once
create index outage_by_group_lately on outage (source, group_key, closed_at desc);
create index outage_calm on outage (calm_since) where closed_at is null and calm_since is not null;

alter table revision
  add act text not null default 'report',
  add notices text[] not null default '{}';           -- what a correction or a withdrawal names; none: all

alter table event
  add act text not null default 'report',
  add from_revision integer;                          -- what whoever acted had seen
create index event_by_source on event (source, received_at);
revoke update, delete on event, revision from forewarn_ingest;  -- what was said and done is never changed

-- Notices: holds, endings, children ---------------------------------------------------------------------
alter table notice
  add names text[] not null default '{}';             -- notices that a correction or a withdrawal takes back
alter table notice_channel
  add hold text check (hold in ('after', 'person', 'storm', 'quiet')),
  add hold_until timestamptz,                         -- as people read it; null: until a person says so
  add ended text check (ended in ('superseded', 'withdrawn', 'dismissed', 'cancelled')),  -- never released: why
  add stated jsonb,                                   -- what persons had stated, fixed at release as `facts`
  add planned integer,                                -- recipients, once drained
  add by_machine integer;                             -- released by a rule, by no person: how many new customers
alter table batch
  add wake_at timestamptz;                            -- as people read it: all of it moved to the child of that moment

-- Stops: a notice in the air that may call nobody any more ------------------------------------------------
create table stop (
  notice_id text not null references notice (id),
  channel text not null,
  reason text not null check (reason in ('superseded', 'cancelled', 'withdrawn', 'expired')),
  at timestamptz not null default clock_timestamp(),   -- real time, as all below
  confirmed_at timestamptz,                            -- a snapshot that carries it stands in Redis
  pulled_at timestamptz,                               -- its open positions have their last letters
  primary key (notice_id, channel)
);
create index stop_owed on stop (at) where pulled_at is null;

-- Pauses: nothing leaves while one stands -----------------------------------------------------------------
create table pause (
  id bigint generated always as identity primary key,
  channel text,                                        -- null: every channel
  outage_id bigint references outage (id),             -- null: every outage
  reason text not null,
  author text not null,
  at timestamptz not null,                             -- as people read it
  lifted_at timestamptz,
  lifted_by text
);
create unique index pause_standing on pause (coalesce(channel, ''), coalesce(outage_id, 0)) where lifted_at is null;

-- Promises: by when readers were told to hear more --------------------------------------------------------
create table promise (
  notice_id text not null references notice (id),      -- that stated it
  channel text not null,
  outage_id bigint not null references outage (id),
  side text not null,
  due_at timestamptz not null,                         -- as people read it
  state text not null default 'open' check (state in ('open', 'kept', 'missed', 'moot')),
  answered_by text references notice (id),
  answered_at timestamptz,                             -- its last acceptance, as people read it
  cause text,                                          -- of a missed one
  primary key (notice_id, channel)
);
create index promise_open on promise (due_at) where state = 'open';
create index promise_by_outage on promise (outage_id);

-- People's acts on sending; acts on outages are events ------------------------------------------------------
create table sending_act (
  id bigint generated always as identity primary key,
  at timestamptz not null,                             -- as people read it
  author text not null,
  role text not null,
  act text not null check (act in ('pause', 'resume', 'cancel')),
  channel text,
  outage_id bigint references outage (id),
  revision integer,                                    -- of the outage, as it was
  notice_id text references notice (id),
  reason text not null
);
create index sending_act_by_outage on sending_act (outage_id);

grant select on stop, pause, promise, sending_act to forewarn_planner;
grant insert, update on stop, pause, promise to forewarn_planner;
grant delete on stop, promise to forewarn_planner;
grant insert on sending_act to forewarn_planner;       -- and nothing else: a person's act is never changed
grant update on sequence batch_id_seq to forewarn_planner;  -- a restored database jumps past ids whose marks stand
