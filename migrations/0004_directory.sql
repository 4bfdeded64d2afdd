-- A directory of a million people: its references are checked by sets, and an unsubscribe outlives its person.

-- References -------------------------------------------------------------------------------------------
-- A foreign key asks once a row: of a million people that was two thirds of the time of writing them. The same
-- is asked here once a statement. What a foreign key does besides, locking the row that it found, the directory's
-- advisory lock does: whoever writes here holds it (docs/decisions/0010-directory-at-scale.md).
alter table subscriber drop constraint subscriber_zone_id_fkey;
alter table address drop constraint address_subscriber_id_fkey;
alter table stake
  drop constraint stake_subscriber_id_fkey,
  drop constraint stake_account_id_fkey,
  drop constraint stake_component_id_fkey;
alter table suppression drop constraint suppression_subscriber_id_fkey;  -- its rows stay, see below

create function forewarn_refers(missing bigint, what text) returns void language plpgsql as $$
begin
  if missing > 0 then
    raise foreign_key_violation using message = format('%s rows name a %s that is not there', missing, what);
  end if;
end $$;

-- `count`, not `exists`: asked for one row only, PostgreSQL would look up each of the million in an index.
create function subscriber_refers() returns trigger language plpgsql as $$
begin
  perform forewarn_refers(count(*), 'zone') from arrived n left join zone z on z.id = n.zone_id where z.id is null;
  return null;
end $$;

create function address_refers() returns trigger language plpgsql as $$
begin
  perform forewarn_refers(count(*), 'subscriber')
  from arrived n left join subscriber s on s.id = n.subscriber_id where s.id is null;
  return null;
end $$;

create function stake_refers() returns trigger language plpgsql as $$
begin
  perform forewarn_refers(count(*), 'subscriber')
  from arrived n left join subscriber s on s.id = n.subscriber_id where s.id is null;
  perform forewarn_refers(count(*), 'account')
  from arrived n left join account a on a.id = n.account_id where n.account_id is not null and a.id is null;
  perform forewarn_refers(count(*), 'component')
  from arrived n left join component c on c.id = n.component_id where n.component_id is not null and c.id is null;
  return null;
end $$;

create trigger subscriber_refers_in after insert on subscriber
  referencing new table as arrived for each statement execute function subscriber_refers();
create trigger subscriber_refers_up after update on subscriber
  referencing new table as arrived for each statement execute function subscriber_refers();
create trigger address_refers_in after insert on address
  referencing new table as arrived for each statement execute function address_refers();
create trigger address_refers_up after update on address
  referencing new table as arrived for each statement execute function address_refers();
create trigger stake_refers_in after insert on stake
  referencing new table as arrived for each statement execute function stake_refers();
create trigger stake_refers_up after update on stake
  referencing new table as arrived for each statement execute function stake_refers();

create function subscriber_leaves() returns trigger language plpgsql as $$
begin
  delete from stake k using gone g where k.subscriber_id = g.id;
  delete from address a using gone g where a.subscriber_id = g.id;
  return null;
end $$;

create function account_leaves() returns trigger language plpgsql as $$
begin
  delete from stake k using gone g where k.account_id = g.id;
  return null;
end $$;

create function component_leaves() returns trigger language plpgsql as $$
begin
  delete from stake k using gone g where k.component_id = g.id;
  return null;
end $$;

create trigger subscriber_leaves after delete on subscriber
  referencing old table as gone for each statement execute function subscriber_leaves();
create trigger account_leaves after delete on account
  referencing old table as gone for each statement execute function account_leaves();
create trigger component_leaves after delete on component
  referencing old table as gone for each statement execute function component_leaves();

revoke update, delete on zone from forewarn_ingest;      -- a zone that somebody lives in never goes

-- Whoever a prune removed ------------------------------------------------------------------------------
-- Hashes only: enough to know somebody again who comes back, not to write to them. Rows of `suppression` stay
-- besides, with the number of somebody who is gone: an open batch may still hold it.
-- Stable, as convert_to is: called immutable it could not be inlined, and cost several times as much.
create function forewarn_hash(kind text, value text) returns bytea language sql stable parallel safe as $$
  select sha256(convert_to(kind || ':' || value, 'UTF8'))
$$;

create table departed (                                  -- so that the link in a mail of then still works
  person bytea primary key,                              -- hash of the subscriber's key
  token text not null unique,                            -- theirs again if they come back
  email bytea                                            -- hash of the address
);

create table suppression_kept (                          -- so that an unsubscribe holds when they come back
  hash bytea not null,                                   -- of the subscriber's key, or of the address
  channel text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (hash, channel)
);

grant select on departed, suppression_kept to forewarn_planner;
grant select, insert, update, delete on departed, suppression_kept to forewarn_ingest;
grant select, update on sequence subscriber_id_seq to forewarn_ingest;  -- a dry run gives its numbers back
