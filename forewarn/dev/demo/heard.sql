-- Every acceptance of the provider, as its own record tells it.
create temp table heard (
  channel text not null, notice_id text not null, subscriber_id bigint not null, address text not null
);
