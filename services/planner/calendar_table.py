"""The calendar as a table for those inside: all that is planned, and what falls on the same day (T9, W10)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query

from forewarn.access import READERS
from forewarn.contracts.policy import Policy
from forewarn.contracts.record import outage_from_row
from forewarn.contracts.schedule_api import CalendarEntryView, CalendarView
from forewarn.outage import Outage, Window
from forewarn.runtime.http import Guard
from forewarn.runtime.postgres import Connection, Database, queries
from services.planner.occurrences import to_come
from services.planner.upkeep import window_of

SQL = queries(Path(__file__).parent / "sql")

Days = Annotated[int, Query(ge=1, le=366)]


def calendar_table_routes(database: Database, policy: Policy, require: Guard) -> APIRouter:
    """`/v1/calendar`, by component names and with what customers do not hear of: it needs a reader's token."""
    routes = APIRouter()

    @routes.get("/v1/calendar", dependencies=[Depends(require(READERS))])
    def calendar(days: Days = 90) -> CalendarView:
        with database.begin() as connection:
            return table(connection, policy, timedelta(days=days))

    return routes


def table(connection: Connection, policy: Policy, ahead: timedelta) -> CalendarView:
    """What is planned within this time and not over."""
    row = connection.execute("select forewarn_now() as now").fetchone()
    assert row is not None
    now: datetime = row["now"]
    rows = connection.execute(SQL["calendar"]).fetchall()
    found = [entry for row in rows for entry in _entries(connection, policy, row, now + ahead)]
    found.sort(key=lambda entry: (entry.start, entry.name or entry.series or ""))
    zone = policy.maintenance.zone
    return CalendarView(zone=zone, now=now, until=now + ahead, entries=list(clashing(found, ZoneInfo(zone))))


def clashing(entries: Sequence[CalendarEntryView], zone: ZoneInfo) -> Iterator[CalendarEntryView]:
    """Each with what else falls on one of its days."""
    by_day = dict[date, list[CalendarEntryView]]()
    for entry in entries:
        for day in _days(entry, zone):
            by_day.setdefault(day, []).append(entry)
    for entry in entries:
        others = [other for day in _days(entry, zone) for other in by_day[day] if other is not entry]
        yield entry.model_copy(update={"same_day": list(dict.fromkeys(_called(other) for other in others))})


def _entries(
    connection: Connection, policy: Policy, row: Mapping[str, Any], before: datetime
) -> Iterator[CalendarEntryView]:
    outage, now = outage_from_row(row), row["now"]
    found = window_of(outage.facts)
    if not outage.open or found is None:
        return
    if outage.recurs:
        for window in to_come(connection.execute, policy, outage, now, before):
            yield _entry(outage, window, name=None, series=outage.name, tentative=True)
        return
    window = Window(found[0].start, found[1])
    if window.start < before:  # past its end and not over: it runs late
        yield _entry(outage, window, outage.name, outage.facts.series, tentative=outage.facts.tentative is True)


def _entry(
    outage: Outage, window: Window, name: str | None, series: str | None, *, tentative: bool
) -> CalendarEntryView:
    return CalendarEntryView(
        name=name,
        series=series,
        kind=outage.kind,
        status=outage.facts.status,
        tentative=tentative,
        components=[*outage.facts.components, *outage.facts.unknown_components],
        start=window.start,
        end=window.end,
    )


def _days(entry: CalendarEntryView, zone: ZoneInfo) -> Iterator[date]:
    """Its days on the organiser's wall; an end at midnight is of the day before."""
    day = entry.start.astimezone(zone).date()
    last = (entry.end - timedelta(microseconds=1)).astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _called(entry: CalendarEntryView) -> str:
    return entry.name or entry.series or ""
