-- Cheaper windows again: whom an account team answers for, and what is written of each person.

-- Names of the accounts that a member of an account team answers for and that use one of these components. Each is
-- looked up, whatever else PostgreSQL is told of joins; `+ 0`: an account's few uses are read, not every component
-- sought among them. Beside the one that reads what is touched from JSON, which took three times as long.
create function accounts_of(subscriber bigint, components integer[]) returns text language sql stable as $$
  select coalesce(string_agg(distinct a.name, ', '), '')
  from (
    select k.account_id from stake k
    where k.subscriber_id = subscriber and k.role = 'account_team'
      and exists (select from uses u where u.account_id = k.account_id and u.component_id + 0 = any(components))
    offset 0
  ) k
  cross join lateral (select t.name from account t where t.id = k.account_id offset 0) a
$$;

-- As before; a token is made here, 22 characters of base64url (people_subscribers.sql), and needs no escape.
create or replace function forewarn_recipient(
  id bigint, address text, zone integer, name text, token text, accounts text
) returns text language sql stable as $$
  select concat(id, ',', to_json(address), ',', zone, ',', to_json(name), ',"', token, '",',
    coalesce(to_json(nullif(accounts, ''))::text, '""'), ']')
$$;
