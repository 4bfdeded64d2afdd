-- Where lines of people wait to be compared with who is there. Gone with the transaction.
set local jit = off;
set local work_mem = '128MB';

create temp table staged_person (
  line bigint not null,
  key text,                                -- of a line that is not taken: if it can be read
  role text,
  inside boolean,                          -- whether the role is
  name text,
  locale text,
  zone text,
  email text,
  sms text,
  webhook text,
  consents text[],
  quiet_from time,
  quiet_to time,
  accounts text[],                         -- nothing twice, as in the two below
  components text[],
  teams text[],
  unsubscribed text[],
  fault text                               -- why the line is not taken
) on commit drop;

create temp table staged_fault (line bigint not null, reason text not null) on commit drop;

create temp table same (subscriber_id bigint not null) on commit drop;     -- of whom the file says nothing new

create temp table touched (subscriber_id bigint not null) on commit drop;  -- changed, perhaps several times
