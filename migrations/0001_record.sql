-- The record. ingest writes directory, event, outage, failed; planner writes the rest and reads ingest's.

-- Time that people read: the database's, or a sped-up one from a row honoured in sandbox mode only.
create table fast_clock (
  one boolean primary key default true check (one),
  real_start timestamptz not null,
  told_start timestamptz not null,
  factor double precision not null check (factor > 0)
);

create function forewarn_at(moment timestamptz) returns timestamptz language sql stable as $$
  select coalesce(
    (select told_start + (moment - real_start) * factor from fast_clock
      where current_setting('forewarn.delivery', true) = 'sandbox' and moment >= real_start),
    moment)
$$;

create function forewarn_now() returns timestamptz language sql stable as $$
  select forewarn_at(transaction_timestamp())
$$;

-- Who may speak -------------------------------------------------------------------------------------
create table token (
  name text primary key,
  hash bytea not null unique,              -- SHA-256 of the token; the token itself is shown once
  role text not null check (role in ('source', 'communicator', 'approver', 'operator', 'reader')),
  source text not null,                    -- the source that its events come from
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz
);

-- Directory (ingest) --------------------------------------------------------------------------------
create table component (
  id integer generated always as identity primary key,
  key text not null unique,                -- name of the catalog entry, lower case
  public_name text,                        -- what customers call it; null: never named outside
  symptoms jsonb not null default '{}',    -- locale -> impact -> prepared sentence (M12)
  system text,
  owner text                               -- team
);

create table dependency (                  -- `needs` may dangle: it is a key, not a row
  component_key text not null references component (key) on delete cascade,
  needs text not null,
  hard boolean not null default true,
  primary key (component_key, needs)
);

create table account (
  id integer generated always as identity primary key,
  key text not null unique,
  name text not null,
  tier text,
  country text
);

create table uses (
  account_id integer not null references account (id) on delete cascade,
  component_id integer not null references component (id) on delete cascade,
  primary key (account_id, component_id)
);
create index uses_by_component on uses (component_id, account_id);

create table zone (
  id integer generated always as identity primary key,
  name text not null unique                -- IANA name
);

create table subscriber (
  id bigint generated always as identity primary key,
  key text not null unique,                -- the source's id, else the normalised email
  name text not null default '',
  locale text not null default 'en',
  zone_id integer not null references zone (id),
  inside boolean not null default false,   -- has any inside stake
  token text not null unique               -- 22 random characters of the unsubscribe link
);

create table stake (                       -- no target at all: everything
  subscriber_id bigint not null references subscriber (id) on delete cascade,
  role text not null,
  account_id integer references account (id) on delete cascade,
  component_id integer references component (id) on delete cascade,
  team text,
  check (num_nonnulls(account_id, component_id, team) <= 1),
  unique nulls not distinct (subscriber_id, role, account_id, component_id, team)
);
create index stake_by_account on stake (account_id) where account_id is not null;

create table address (
  subscriber_id bigint not null references subscriber (id) on delete cascade,
  channel text not null,
  address text not null,
  consent boolean not null default false,
  quiet_from time,
  quiet_to time,
  primary key (subscriber_id, channel),
  unique (channel, address)
);

create table suppression (
  subscriber_id bigint not null references subscriber (id) on delete cascade,
  channel text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (subscriber_id, channel)
);
create index suppression_by_age on suppression (at);

-- Events and outages (ingest) -----------------------------------------------------------------------
create table outage (
  id bigint generated always as identity primary key,
  kind text not null,
  number integer not null,
  source text not null,
  group_key text,
  revision integer not null,
  by_person boolean not null,
  test boolean not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  observed jsonb not null,
  stated jsonb not null,
  revised_at timestamptz not null default clock_timestamp(),  -- real time: ages the debt to the planner
  unique (kind, number)
);
create index outage_by_group on outage (source, group_key) where closed_at is null;

create table signal (
  source text not null,
  key text not null,
  outage_id bigint references outage (id),
  state jsonb not null,
  primary key (source, key)
);
create index signal_by_outage on signal (outage_id);

create table event (
  id text primary key,                     -- message id, else a digest of the body
  received_at timestamptz not null,
  source text not null,
  author text,
  role text not null,
  format text not null,
  body bytea not null,
  verdict text not null,                   -- opened | revised | repeat | stale
  reason text,
  clock_ahead boolean not null default false,
  outage_id bigint references outage (id),
  revision integer
);
create index event_by_outage on event (outage_id, received_at);

create table revision (
  outage_id bigint not null references outage (id),
  revision integer not null,
  at timestamptz not null,
  event_id text not null,
  author text,
  by_person boolean not null,
  newsworthy boolean not null,
  facts jsonb not null,
  primary key (outage_id, revision)
);

create table failed (
  id text primary key,                     -- as event.id
  at timestamptz not null default clock_timestamp(),
  source text,
  author text,
  role text,
  format text not null,
  reason text not null,
  body bytea not null,
  tries integer not null default 1,
  replayed_at timestamptz
);

-- Plans, notices, batches (planner) -----------------------------------------------------------------
create table plan (
  outage_id bigint primary key references outage (id),
  planned_revision integer not null,
  subjects jsonb not null default '{}',    -- side -> name in the subject, unchanged through one outage (M2)
  tries integer not null default 0,
  again_at timestamptz
);

create table notice (
  id text primary key,
  outage_id bigint not null references outage (id),
  side text not null,
  occasion text not null,
  slot text not null,
  lane text not null,
  made_at timestamptz not null,
  policy_hash text not null,
  mode text not null,
  test boolean not null,
  serial bigint generated always as identity
);
create index notice_by_outage on notice (outage_id, serial);

create table notice_channel (
  notice_id text not null references notice (id),
  channel text not null,
  state text not null check (state in ('held', 'waiting', 'released', 'drained')),
  not_before timestamptz,                  -- real time; ends the head start of the inside
  replaced_by text references notice (id),
  revision integer,                        -- whose facts it tells; fixed at release, as all below
  facts jsonb,
  touched jsonb,                           -- components with impact and path, as they were
  promised_at timestamptz,                 -- next update, as the notice states it
  expires_at timestamptz,                  -- real time
  released_at timestamptz,                 -- real time
  drained_at timestamptz,                  -- real time
  primary key (notice_id, channel)
);
create index notice_channel_open on notice_channel (state) where state <> 'drained';

create table content (
  id bigint generated always as identity primary key,
  notice_id text not null references notice (id),
  channel text not null,
  voice text not null,
  locale text not null,
  told boolean not null,
  body jsonb not null,
  unique (notice_id, channel, voice, locale, told)
);

create table notice_window (
  id bigint generated always as identity primary key,
  notice_id text not null references notice (id),
  channel text not null,
  rank integer not null,
  lo bigint not null,
  hi bigint not null,
  expanded_at timestamptz,
  published_at timestamptz,
  tries integer not null default 0,
  again_at timestamptz not null,
  unique (notice_id, channel, rank, lo)
);
create index window_owed on notice_window (again_at) where published_at is null;

create table batch (
  id bigint generated always as identity primary key,
  window_id bigint not null references notice_window (id),
  content_id bigint not null references content (id),
  lane text not null,
  ids bigint[] not null,
  outcomes text not null,                  -- one letter a position, see forewarn/delivery.py
  epoch text not null,
  first_at timestamptz,                    -- real time: the provider's first and last answer
  last_at timestamptz,
  sweep_no integer not null default 0,
  made_at timestamptz not null default clock_timestamp(),
  again_at timestamptz not null,
  check (length(outcomes) = cardinality(ids))
);
create index batch_by_window on batch (window_id);
create index batch_open on batch (again_at) where position('.' in outcomes) > 0;

-- Names of the accounts that a member of an account team answers for and that the touched components reach.
create function accounts_of(subscriber bigint, touched jsonb) returns text language sql stable as $$
  select coalesce(string_agg(distinct t.name, ', '), '')
  from stake k
  join account t on t.id = k.account_id
  join uses e on e.account_id = t.id
  join component m on m.id = e.component_id
  where k.subscriber_id = subscriber and k.role = 'account_team'
    and m.key in (select x ->> 'component' from jsonb_array_elements(touched) x)
$$;

create table control (
  one boolean primary key default true check (one),
  n bigint not null,
  epoch text not null,
  epoch_at timestamptz not null default clock_timestamp()
);
insert into control (n, epoch) values (0, '');

-- Roles: each service its own, so that PostgreSQL enforces who writes what ----------------------------
do $$ begin
  if not exists (select from pg_roles where rolname = 'forewarn_ingest') then
    create role forewarn_ingest nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'forewarn_planner') then
    create role forewarn_planner nologin;
  end if;
  execute format('grant temporary on database %I to forewarn_ingest', current_database());
end $$;
grant usage on schema public to forewarn_ingest, forewarn_planner;
grant select on all tables in schema public to forewarn_planner;
grant select on fast_clock, token to forewarn_ingest;
grant select, insert, update, delete on
  component, dependency, account, uses, zone, subscriber, stake, address, suppression,
  outage, signal, event, revision, failed to forewarn_ingest;
grant insert, update, delete on
  plan, notice, notice_channel, content, notice_window, batch, control to forewarn_planner;
