"""The evidence of a run: what the provider recorded beside what the ledger says, and every promise that it breaks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row

from forewarn.delivery import LETTERS, TOLD
from forewarn.dev.demo.proof import prove
from forewarn.dev.sandbox.acceptances import Acceptance
from tests.chaos.endings import Ends, unexplained
from tests.chaos.heard import disordered, person_of
from tests.chaos.scene import UNHEARD, Person

POSITIONS = """
select w.notice_id, w.channel, u.id as subscriber_id, substr(b.outcomes, u.place::int, 1) as letter
from batch b join notice_window w on w.id = b.window_id
cross join lateral unnest(b.ids) with ordinality as u (id, place)
"""

SERIALS = "select id, outage_id, serial from notice"

LEFT_OUT = """
select count(*) as n from address a where a.channel in ('email', 'webhook') and not exists (
  select from batch b join notice_window w on w.id = b.window_id join notice n on n.id = w.notice_id
  join outage o on o.id = n.outage_id
  where w.channel = a.channel and o.by_person and n.occasion = 'first' and a.subscriber_id = any(b.ids))
"""

TWICE_CARRIED_OUT = """
select count(*) as n from unnest(%s::text[]) as t (name)
where (select count(*) from event e where e.id like '%%' || name) > 1
  or (select count(*) from revision r where r.event_id like '%%' || name) > 1
"""

STATES = ("accepted", "suppressed", "failed", "unknown", "moved")
EXPLAINED_BY_NOTHING: Ends = {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is so, in positions: one for each person of each notice on each channel.

    `lost`: accepted by the ledger but not by the provider, or open, or never planned. `doubled`: acceptances beyond
    the first. `unexplained`: doubled ones whose call was answered. `thrice`: more than one beyond the first.
    `unbidden`: taken by the provider and not told by the ledger. `misled`: at somebody else's address. `disordered`:
    who heard a later notice of an outage before an earlier one on a channel, whoever sent it. `while_silent`: accepted
    when nothing may leave. `otherwise`: ended other than accepted, and nothing explains it; see `endings`.
    """

    planned: int
    states: Mapping[str, int]
    open: int
    lost: int
    doubled: int
    bound: int
    unexplained: int
    thrice: int
    unbidden: int
    misled: int
    disordered: int
    while_silent: int
    planned_twice: int
    otherwise: Ends
    events: int
    events_lost: int
    events_twice: int
    seconds: float

    @property
    def accounted(self) -> float:
        return 1 - self.open / self.planned if self.planned else 0.0

    @property
    def broken(self) -> list[str]:
        """The promises that do not hold, in words; none is as it must be."""
        said = {
            f"{self.lost} lost": self.lost > 0,
            f"{self.doubled} doubled, where {self.bound} may be": self.doubled > self.bound,
            f"{self.unexplained} doubled whose call was answered": self.unexplained > 0,
            f"{self.thrice} told three times": self.thrice > 0,
            f"{self.unbidden} told who are not told in the ledger": self.unbidden > 0,
            f"{self.misled} told at somebody else's address": self.misled > 0,
            f"{self.disordered} told a later notice first": self.disordered > 0,
            f"{self.while_silent} told while nothing may leave": self.while_silent > 0,
            f"{self.planned_twice} planned twice": self.planned_twice > 0,
            f"{self.open} not accounted for": self.open > 0,
            f"{sum(self.otherwise.values())} ended as nothing explains ({', '.join(self.otherwise)})": self.otherwise,
            f"{self.events_lost} confirmed events lost": self.events_lost > 0,
            f"{self.events_twice} events carried out twice": self.events_twice > 0,
        }
        return [word for word, so in said.items() if so]


def compared(
    database_url: str,
    record: Sequence[Acceptance],
    began: float,
    may_be_doubled: Iterable[Person],
    repeats_allowed: int,
    confirmed: Sequence[str],
    silent: Sequence[tuple[float, float]] = (),
    may_end: Ends = EXPLAINED_BY_NOTHING,
) -> Evidence:
    """Lay the record beside the ledger. `repeats_allowed` may be doubled of whom nobody can say who they are."""
    proof = prove(database_url, record, began)
    taken = Counter(map(person_of, record))
    doubled, excused = {person: n - 1 for person, n in taken.items() if n > 1}, set(may_be_doubled)
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        positions = connection.execute(POSITIONS).fetchall()
        serials = {row["id"]: (row["outage_id"], row["serial"]) for row in connection.execute(SERIALS)}
        left_out = connection.execute(LEFT_OUT).fetchall()[0]["n"]
        unheard = connection.execute(UNHEARD, (list(confirmed),)).fetchall()
        twice = connection.execute(TWICE_CARRIED_OUT, (list(confirmed),)).fetchall()[0]["n"]
        otherwise = unexplained(connection, excused, may_end)
    letters = Counter(row["letter"] for row in positions)
    ended = Counter(dict.fromkeys(STATES, 0))
    for letter, (state, _) in LETTERS.items():
        ended[state.value] += letters[letter]
    still_open = sum(count for letter, count in letters.items() if letter not in LETTERS)
    of_others = sum(1 for person in doubled if person not in excused)
    return Evidence(
        planned=len(positions),
        states=dict(ended),
        open=still_open,
        lost=proof.lost + left_out + still_open,
        doubled=sum(doubled.values()),
        bound=len(excused) + repeats_allowed,
        unexplained=max(0, of_others - repeats_allowed),
        thrice=sum(1 for more in doubled.values() if more > 1),
        unbidden=proof.unbidden,
        misled=proof.misled,
        disordered=disordered(record, serials),
        while_silent=sum(1 for a in record if any(start < a.accepted_at < end for start, end in silent)),
        planned_twice=len(positions) - len({(r["notice_id"], r["channel"], r["subscriber_id"]) for r in positions}),
        otherwise=otherwise,
        events=len(confirmed),
        events_lost=len(unheard),
        events_twice=twice,
        seconds=round(proof.seconds_last, 1),
    )


def told_in_the_ledger(database_url: str) -> set[Person]:
    """Who is on record as accepted or unknown."""
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        rows = connection.execute(f"select * from ({POSITIONS}) p where position(letter in %s) > 0", (TOLD,)).fetchall()
    return {(row["notice_id"], row["channel"], row["subscriber_id"]) for row in rows}
