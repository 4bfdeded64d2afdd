-- Expanding at speed: small audiences are found from their accounts, and windows know by which way they are read.

create index stake_by_component on stake (component_id) where component_id is not null;
create index stake_by_team on stake (team) where team is not null;
create index stake_in_everything on stake (subscriber_id)
  where account_id is null and component_id is null and team is null;
create index subscriber_inside on subscriber (id) where inside;

alter table notice_window
  add way text not null default 'many' check (way in ('few', 'many', 'accounts'));  -- services/planner/strides.py

-- What the clock on the wall shows; null in a zone strange to PostgreSQL. Reading pg_timezone_names takes 45 ms.
create function forewarn_wall(moment timestamptz, zone text) returns timestamp language plpgsql stable as $$
begin
  return moment at time zone zone;
exception when invalid_parameter_value then
  return null;
end $$;

-- One recipient of a message body, without the position and the bracket before it: see `Recipient`.
create function forewarn_recipient(id bigint, address text, zone integer, name text, token text, accounts text)
returns text language sql stable as $$
  select concat(id, ',', to_json(address), ',', zone, ',', to_json(name), ',', to_json(token), ',',
    to_json(accounts), ']')
$$;

alter function accounts_of(bigint, jsonb) set enable_nestloop = on;  -- looked up, also where windows are read by hash
