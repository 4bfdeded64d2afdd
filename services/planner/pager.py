"""Warnings in the record: each found once, and published until dispatch has marked what became of it, or in vain."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import redis

from forewarn.contracts.page import IN_AIR, Page, Paged, answer_heard, page_key
from forewarn.contracts.policy_communication import Communication
from forewarn.contracts.record import outage_from_row
from forewarn.runtime.postgres import Connection, Database, queries
from services.planner.communicator import Duty
from services.planner.duty import duty_in
from services.planner.warnings import Handed, Promise, Silence, Warned, Watched, addressee, warned, words_to

SQL = queries(Path(__file__).parent / "sql")

LOOK_SECONDS = 1.0
LASTS = timedelta(minutes=10)
"""A page older than this says what is no longer so."""
ATTEMPTS = 3
AFTER_FAILURE = timedelta(seconds=15)

NOBODY = "nobody to page: no rota counts for it, and its communicator is not in `communication.reach`"

CLAIM = """
update warning set tries = tries + 1,
  again_at = clock_timestamp() + least(%(debt)s * power(2, tries), 300) * interval '1 s'
where id in (select id from warning where state = 'owed' and again_at <= clock_timestamp()
  and expires_at > clock_timestamp() order by made_at, id limit 100 for update skip locked)
returning id as warning_id, person, text, attempt, expires_at
"""

ENDED = """
update warning set state = %(state)s, error = %(error)s, ended_at = forewarn_now()
where id = %(id)s and state = 'owed' and attempt = %(attempt)s
"""

ANOTHER = """
update warning set attempt = attempt + 1, tries = 0, error = %(error)s,
  again_at = clock_timestamp() + %(after)s * attempt
where id = %(id)s and state = 'owed' and attempt = %(attempt)s
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """A warning whose end is not known; `late`: nobody is paged by it any more."""

    id: str
    attempt: int
    late: bool


@dataclass(slots=True)
class Pager:
    """Looks at most every second. Without anybody in `communication.reach` nobody is warned, and nothing recorded."""

    database: Database
    marks: redis.Redis
    communication: Communication
    debt_seconds: float = 5.0
    clock: Callable[[], float] = time.monotonic
    looked_at: float = field(default=float("-inf"))

    def due(self) -> list[Page]:
        """Pages to be published now. Raises what says that Redis or the database is away."""
        if not self.communication.reach or self.clock() - self.looked_at < LOOK_SECONDS:
            return []
        self.looked_at = self.clock()
        self.find()
        self.hear()
        with self.database.begin() as connection:
            rows = connection.execute(CLAIM, {"debt": self.debt_seconds}).fetchall()
        return [Page(**row) for row in rows]

    def find(self) -> None:
        """Record what is to be said now and was not yet."""
        with self.database.begin() as connection:
            rows = connection.execute(SQL["watched"], {"reach": list(self.communication.reach)}).fetchall()
            found = {w.id: (w, row) for row in rows for w in warned(_watched(row), self.communication, row["now"])}
            known = connection.execute("select id from warning where id = any(%s)", (list(found),)).fetchall()
            for old in known:
                del found[old["id"]]
            for warning, row in found.values():
                duty = duty_in(connection, self.communication, outage_from_row(row).facts, row["now"])
                self._record(connection, warning, duty, row["now"])

    def hear(self) -> None:
        """Write down what dispatch has marked."""
        with self.database.begin() as connection:
            rows = connection.execute(
                "select id, attempt, expires_at <= clock_timestamp() as late from warning where state = 'owed'"
            ).fetchall()
        owed = [Owed(row["id"], row["attempt"], row["late"]) for row in rows]
        marks: list[Any] = self.marks.mget([page_key(each.id, each.attempt) for each in owed]) if owed else []
        heard = [_end(each, mark) for each, mark in zip(owed, marks, strict=True)]
        with self.database.begin() as connection:
            for sql, values in filter(None, heard):
                connection.execute(sql, values)

    def _record(self, connection: Connection, warning: Warned, duty: Duty, now: datetime) -> None:
        """The first clock that finds it says who is paged."""
        person = addressee(duty, warning.step, tuple(self.communication.reach))
        connection.execute(
            "insert into warning (id, outage_id, kind, slot, step, person, text, made_at, expires_at, state, error,"
            " ended_at) values (%s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp() + %s, %s, %s, %s)"
            " on conflict (id) do nothing",
            (
                *(warning.id, warning.outage_id, warning.why, warning.slot, warning.step, person),
                *(words_to(person, warning, duty), now, LASTS),
                *(("owed", None, None) if person is not None else ("nobody", NOBODY, now)),
            ),
        )


def _end(owed: Owed, mark: str | None) -> tuple[str, dict[str, Any]] | None:
    """What is written of a warning; None while there is nothing to write."""
    which = {"id": owed.id, "attempt": owed.attempt}
    if mark is None or mark == IN_AIR:
        if not owed.late:
            return None
        if mark is None:
            return ENDED, {**which, "state": Paged.FAILED, "error": "no dispatch took it up in time"}
        return ENDED, {**which, "state": Paged.UNKNOWN, "error": "the answer never came"}
    paged, error = answer_heard(mark)
    if paged is Paged.FAILED and owed.attempt < ATTEMPTS and not owed.late:
        return ANOTHER, {**which, "error": error, "after": AFTER_FAILURE}
    return ENDED, {**which, "state": paged, "error": error}


def _watched(row: Mapping[str, Any]) -> Watched:
    return Watched(
        outage_from_row(row),
        Promise(row["made_at"], row["due_at"]) if row["due_at"] else None,
        Silence(row["serial"], row["news_at"], row["holdings"]) if row["holdings"] else None,
        row["held_since"],
        Handed(row["handed_revision"], row["handed_by"]) if row["handed_by"] else None,
    )
