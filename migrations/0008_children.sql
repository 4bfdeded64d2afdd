-- Children of failures: whoever a notice could not reach is told by another channel, or again by the same one.

alter table notice
  add parent text references notice (id),             -- of a child of failures: whom this one could not reach
  add parent_channel text;                            -- and on which channel that was

alter table notice_channel
  add fallen_at timestamptz;                          -- whoever failed and can be told by another channel was moved
update notice_channel set fallen_at = clock_timestamp() where state = 'drained';  -- what is over stays as it was told
create index notice_channel_unfallen on notice_channel (notice_id) where state = 'drained' and fallen_at is null;

create table child_window (                           -- whom a child of failures is for, as its parent's windows had them
  notice_id text not null references notice (id),
  channel text not null,
  rank integer not null,
  lo bigint not null,
  hi bigint not null,
  ids bigint[] not null,
  primary key (notice_id, channel, rank, lo)
);
grant select, insert, update, delete on child_window to forewarn_planner;

alter table notice_window drop constraint notice_window_way_check;
alter table notice_window
  add constraint notice_window_way_check check (way in ('few', 'many', 'accounts', 'moved'));

alter table sending_act drop constraint sending_act_act_check;
alter table sending_act
  add constraint sending_act_act_check check (act in ('pause', 'resume', 'cancel', 'replay'));

-- What was sent to us and could not be carried out may hold anything, addresses too: its bytes are kept for a week.
alter table failed
  add forgotten_at timestamptz;                       -- its body is empty since
