-- Who is asked for: everybody whom a notice would reach that need not be in the record, nor its outage.
select null::text as notice,
  coalesce((select min(id) from subscriber), 0) as lo, coalesce((select max(id) from subscriber), 0) as hi,
  array(select c.id from component c where c.key = any(%(touched)s::text[])) as components,
  array(select c.owner from component c where c.owner is not null and c.key = any(%(touched)s::text[])) as teams,
  array(
    select m.id from notice m where m.outage_id = %(outage)s::bigint
      and (%(names)s::text[] = '{}' or m.id = any(%(names)s::text[])
      or m.occasion in ('wake', 'failover', 'replay') and m.serial > (select min(k.serial) from notice k where k.id = any(%(names)s::text[])))
  ) as named,
  coalesce((select o.withdrawn from outage o where o.id = %(outage)s::bigint), false) as withdrawn,
  null::text as stopped,
  forewarn_now() as woken_at,
  forewarn_now() as moment
