-- Where entries of a catalog wait to be compared with what is there. Gone with the transaction.
set local jit = off;

create temp table staged_entry (
  line bigint not null,
  is_account boolean,                      -- null where the entry is not taken
  key text,                                -- of an entry that is not taken: if it can be read
  name text,                               -- of a component: what customers call it
  symptoms jsonb,
  system text,
  owner text,
  needs text[],
  needs_softly text[],
  tier text,
  country text,
  minimum_notice text,
  uses text[],
  fault text                               -- why the entry is not taken
) on commit drop;

create temp table staged_fault (line bigint not null, reason text not null) on commit drop;

create temp table touched (is_account boolean not null, key text not null, added boolean not null) on commit drop;
