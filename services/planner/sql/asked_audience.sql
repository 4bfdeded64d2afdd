-- Who is asked for: everybody whom a notice would reach that need not be in the record, nor its outage.
with asked as materialized (
  select null::text as notice_id, %(channel)s::text as channel, %(last_rank)s::int as rank,
    (select min(id) from subscriber) as lo, (select max(id) from subscriber) as hi,
    %(outage)s::bigint as outage_id, %(side)s::text as side, %(occasion)s::text as occasion, %(names)s::text[] as names,
    %(touched)s::text[] as touched,
    %(guests_only)s::boolean as guests_only,
    %(critical)s::boolean as critical,
    forewarn_now() as woken_at,
    null::text as stopped
),
