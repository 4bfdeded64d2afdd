-- Incidents that are one: by a person's word (merge, split), or because a sibling joined while it was new (W10).

alter table outage
  add merged_into integer,                            -- number of the incident that this one is part of, never of a merged one
  add foreign key (kind, merged_into) references outage (kind, number);
create index outage_merged on outage (kind, merged_into) where merged_into is not null;

alter table revision
  add other text;                                     -- the incident it was merged with or split from, such as INC-8

alter table notice
  add merged_from bigint references outage (id);      -- whom it was planned for, before that was merged; null: its own

create table joined_group (                           -- groups of alerts that are part of an incident of another group
  source text not null,
  group_key text not null,
  outage_id bigint not null references outage (id),
  primary key (source, group_key)
);
grant select, insert, update, delete on joined_group to forewarn_ingest;
grant select on joined_group to forewarn_planner;
