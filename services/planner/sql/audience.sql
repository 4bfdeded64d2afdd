-- How many members would be told what, or not, in groups; whoever sleeps by when they wake.
told_what as (
  select split_part(m.locale, '-', 1) as locale, m.voice, m.told, m.letter,
    case when m.asleep_until is not null and m.letter = %(moved)s then m.asleep_until end as wake_at
  from member m
)
select voice, locale, told, letter, wake_at, count(*)::int as people
from told_what
group by voice, locale, told, letter, wake_at
order by voice, locale, told, letter, wake_at
