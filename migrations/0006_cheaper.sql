-- Cheaper windows: what is written of each person.

-- As before; nearly everybody is written to without accounts, and to_json costs as much for nothing as for a name.
create or replace function forewarn_recipient(
  id bigint, address text, zone integer, name text, token text, accounts text
) returns text language sql stable as $$
  select concat(id, ',', to_json(address), ',', zone, ',', to_json(name), ',', to_json(token), ',',
    coalesce(to_json(nullif(accounts, ''))::text, '""'), ']')
$$;

do $$ begin
  alter table batch alter ids set compression lz4, alter outcomes set compression lz4;
exception when feature_not_supported then
  null;                                    -- a server built without lz4 compresses as it did
end $$;
