"""The calendar of planned work, for whoever subscribes to its URL (T9, H1)."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import APIRouter, Request, Response

from forewarn.component import spread
from forewarn.contracts.policy import Policy
from forewarn.contracts.record import outage_from_row
from forewarn.ics import FEED_TYPE, Entry, State, feed
from forewarn.outage import Facts, Outage, Release, Status
from forewarn.runtime.postgres import Database, queries
from services.planner.asks import may_hear
from services.planner.book import graph_of
from services.planner.calendar_entry import description_of, names_of, publisher_of, span, title_of
from services.planner.occurrences import Run, to_come
from services.planner.ports import Graph
from services.planner.releasing import rule_of

SQL = queries(Path(__file__).parent / "sql")

KEPT_SECONDS = 30.0
"""One answer serves all who ask for so long: the way is open to everybody, and must not be one to the database."""
FRESH_SECONDS = 300
"""So long may whoever stands between, and the calendar itself, take an answer for true."""
YEAR = timedelta(days=365)
NAMES: Mapping[str, str] = {"en": "{company}: planned work", "de": "{company}: geplante Arbeiten"}
"""What the calendar is called; in English where a locale has no words here."""


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    etag: str


class CalendarFeed:
    """Planned work that customers may hear of, by its public names; what has none is nobody's outside, and left out."""

    def __init__(
        self, database: Database, policy: Policy, kept_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._policy, self._kept_seconds, self._clock = database, policy, kept_seconds, clock
        self._lock, self._made_at = Lock(), 0.0
        self._answer: Answer | None = None

    def answer(self) -> Answer:
        """The feed as it is, or was `kept_seconds` ago; made by one caller while the others wait for it."""
        with self._lock:
            if self._answer is None or self._clock() - self._made_at >= self._kept_seconds:
                body = self._made()
                self._made_at = self._clock()
                self._answer = Answer(body, f'"{blake2b(body, digest_size=12).hexdigest()}"')
            return self._answer

    def _made(self) -> bytes:
        with self._database.begin() as connection:
            rows = connection.execute(SQL["calendar"]).fetchall()
            graph = graph_of(connection.execute)
            entries = [entry for row in rows for entry in self._entries(connection.execute, row, graph)]
        company, locale = self._policy.company, self._policy.default_locale
        return feed(entries, publisher_of(company), NAMES.get(locale, NAMES["en"]).format(company=company.name))

    def _entries(self, run: Run, row: Mapping[str, Any], graph: Graph) -> Iterator[Entry]:
        """One of each work; a series stands as its windows that are no work of their own yet."""
        outage = outage_from_row(row)
        entry = self._entry(outage, row, graph)
        if entry is None or not outage.recurs:
            yield from () if entry is None else (entry,)
            return
        for window in to_come(run, self._policy, outage, row["now"], row["now"] + YEAR):
            name = f"{outage.name}/{window.start.astimezone(UTC):%Y%m%dT%H%MZ}"
            yield replace(entry, name=name, window=window, state=State.TENTATIVE)

    def _entry(self, outage: Outage, row: Mapping[str, Any], graph: Graph) -> Entry | None:
        facts = outage.facts
        names = names_of(spread(facts.components, graph.dependencies), graph.names)
        if facts.window is None or not names or not self._public(outage, row["heard_outside"], row["braked"]):
            return None
        company = self._policy.company
        return Entry(
            name=outage.name,
            revision=outage.revision,
            state=_state(facts),
            window=span(facts.window, facts.expected_end or facts.window.end),
            summary=title_of(company, names, self._policy.default_locale),
            description=description_of(outage.stated),
            said_at=row["said_at"],
            url=company.status_page,
        )

    def _public(self, outage: Outage, heard_outside: bool, braked: bool) -> bool:
        """A machine's plan that waits for a person is nobody's yet, and one that was dismissed never is."""
        match may_hear(outage, heard_outside):
            case Release.RELEASED:
                return True
            case Release.HELD:
                return not braked and rule_of(self._policy.release, outage).hold is None
            case Release.DISMISSED:
                return False


def calendar_routes(database: Database, policy: Policy, kept_seconds: float = KEPT_SECONDS) -> APIRouter:
    """`/v1/calendar.ics`, without a token: calendars ask for a URL again and again and can send none, and a page of
    what is planned is for everybody (H1). It says no more than a notice to any customer does.
    """
    routes, calendar = APIRouter(), CalendarFeed(database, policy, kept_seconds)

    @routes.get("/v1/calendar.ics", response_class=Response)
    @routes.head("/v1/calendar.ics", include_in_schema=False)
    def subscribe(request: Request) -> Response:
        found = calendar.answer()
        headers = {"ETag": found.etag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"}
        if _known(request.headers.get("if-none-match", ""), found.etag):
            return Response(status_code=304, headers=headers)
        return Response(found.body, headers=headers, media_type=FEED_TYPE)

    return routes


def _state(facts: Facts) -> State:
    if facts.status is Status.CANCELLED:
        return State.CANCELLED
    return State.TENTATIVE if facts.tentative else State.CONFIRMED


def _known(given: str, etag: str) -> bool:
    """Whether the asker has it already (RFC 9110, 13.1.2: weakly compared)."""
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in tags or "*" in tags
