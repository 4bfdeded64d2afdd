-- Where rows of people wait to be compared with who is there. Gone with the transaction.
set local jit = off;
set local work_mem = '64MB';

create temp table staged_person (
  line bigint not null,
  key text not null,
  role text not null,
  name text,
  locale text,
  zone text,
  token text not null,
  email text,
  sms text,
  webhook text,
  consents text[],
  quiet_from time,
  quiet_to time,
  accounts text[] not null,
  components text[] not null,
  teams text[] not null,
  unsubscribed text[] not null
) on commit drop;

create temp table staged_fault (line bigint not null, reason text not null) on commit drop;

create temp table touched (subscriber_id bigint not null, added boolean not null) on commit drop;
