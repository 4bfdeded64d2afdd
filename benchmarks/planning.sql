-- A lifelike directory in seconds: Zipf accounts, 4 locales, 24 zones, 4 voices, 1 in 20 suppressed, 2 in 25 with quiet hours.
update control set epoch = 'benchmark';
insert into zone (name)
  select z.name from (select name from pg_timezone_names where name ~ '^(Europe|America)/' order by name) z limit 24;
insert into component (key, public_name, owner) select 'c' || g, 'Component ' || g, 'team ' || g from generate_series(1, 200) g;
insert into account (key, name, tier)
  select 'a' || g, 'Account ' || g, case when g %% 100 < 3 then 'enterprise' when g %% 100 < 20 then 'business' else 'free' end
  from generate_series(1, %(accounts)s::int) g;
insert into uses                           -- c1: 85 of 100 accounts; c200: one of 500, small ones; others by a hash
  select a.id, 1 from account a where a.id %% 20 < 17
  union select a.id, 200 from account a where a.id %% 500 = 407
  union select a.id, 2 + abs(hashint4(a.id * 31 + g)) %% 190 from account a cross join generate_series(1, 6) g;
insert into subscriber (key, name, locale, zone_id, inside, token)
  select 's' || g, 'Name ' || g, (array['en', 'de', 'fr', 'ja'])[1 + abs(hashint4(g)) %% 4],
    1 + abs(hashint4(g * 7)) %% 24, g %% 50 = 0, substr(md5(g::text), 1, 22)
  from generate_series(1, %(people)s::int) g;
insert into address (subscriber_id, channel, address, quiet_from, quiet_to)
  select s.id, 'email', 'person' || s.id || '@customer' || s.id %% 1000 || '.example', h.start, h.finish
  from subscriber s
  left join (select time '22:00' as start, time '07:00' as finish) h on abs(hashint8(s.id * 13)) %% 100 < 8;
insert into stake (subscriber_id, role, account_id)
  select s.id, case when s.inside then (array['support', 'account_team', 'internal'])[1 + (s.id / 50) %% 3] else 'customer' end,
    greatest(1, floor(power(%(accounts)s::float, abs(hashint8(s.id * 3)) %% 1000003 / 1000003.0)))::int
  from subscriber s;
insert into stake (subscriber_id, role, account_id)      -- one of ten belongs to a second account
  select s.id, 'customer', 1 + abs(hashint8(s.id * 17)) %% %(accounts)s::int from subscriber s where s.id %% 10 = 3
  on conflict do nothing;
insert into suppression (subscriber_id, channel, reason)
  select s.id, 'email', 'unsubscribed' from subscriber s where abs(hashint8(s.id * 29)) %% 100 < 5;
