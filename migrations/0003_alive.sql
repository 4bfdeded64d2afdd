-- Which events show that their source lives (T18).

alter table event
  add alive boolean not null default true;            -- false: ended alerts only, perhaps for want of anybody who fires
