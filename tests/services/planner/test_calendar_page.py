"""Laws of the calendar of planned work: for everybody, and no more than customers may hear."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import urllib3
from icalendar import Calendar

from forewarn.contracts.policy import Policy
from forewarn.runtime.http import Server, new_app
from services.planner.calendar_page import FRESH_SECONDS, CalendarFeed, calendar_routes
from tests.services.planner.desks import POLICY, Office

HOUR = timedelta(hours=1)


def work(desk: Office, by: str = "dana", /, *, days: float = 7, hours: float = 2, **event: Any) -> str:
    """Planned work on card payments, `days` from now; its name."""
    start = now(desk) + timedelta(days=days)
    window = {"start": start.isoformat(), "end": (start + hours * HOUR).isoformat()}
    said = {"kind": "maintenance", "status": "scheduled", "components": ["card-payments"], "window": window}
    desk.says(by, **said | event)
    return str(desk.rows("select 'MNT-' || number as name from outage order by id desc limit 1")[0]["name"])


def now(desk: Office) -> datetime:
    moment: datetime = desk.rows("select forewarn_now() as now")[0]["now"]
    return moment.replace(microsecond=0)


def made(desk: Office, policy: Policy = POLICY) -> bytes:
    return CalendarFeed(desk.planner, policy, kept_seconds=0).answer().body


@contextmanager
def open_feed(desk: Office) -> Iterator[int]:
    """The port of a feed that keeps nothing."""
    app = new_app("desk", "Forewarn: the desk")
    app.include_router(calendar_routes(desk.planner, POLICY, kept_seconds=0))
    server = Server(app, "127.0.0.1", 0)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def events(body: bytes) -> dict[str, Any]:
    """By name."""
    return {str(event["UID"]).partition("@")[0]: event for event in Calendar.from_ical(body).walk("VEVENT")}


def ask(desk: Office, method: str = "GET", **headers: str) -> urllib3.BaseHTTPResponse:
    """Of the desk itself, without a token."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return urllib3.request(method, f"http://127.0.0.1:{desk.port}/v1/calendar.ics", headers=given, timeout=20)


def test_anybody_may_subscribe_and_nobody_needs_a_token(desk: Office) -> None:
    name = work(desk)

    answer = ask(desk)

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["cache-control"] == f"public, max-age={FRESH_SECONDS}"
    assert list(events(answer.data)) == [name]


def test_it_says_what_when_and_what_for_by_public_names(desk: Office) -> None:
    name = work(desk, benefit="Faster answers.", note="for nobody's calendar", communicator="dana")
    body = made(desk)

    (event,) = events(body).values()
    window = desk.rows("select stated -> 'window' as w, revision from outage")[0]
    assert event["UID"] == f"{name}@127.0.0.1" and event["SEQUENCE"] == window["revision"]
    assert event.decoded("DTSTART") == datetime.fromisoformat(window["w"]["start"])
    assert event.decoded("DTEND") - event.decoded("DTSTART") == 2 * HOUR
    assert event["SUMMARY"] == "Acme: planned work on card payments"
    assert event["DESCRIPTION"] == "Faster answers."
    assert event["STATUS"] == "CONFIRMED"
    assert Calendar.from_ical(body)["X-WR-CALNAME"] == "Acme: planned work"
    for inner in (b"card-payments", b"dana", b"nobody's", b"Nordwind"):
        assert inner not in body, inner


def test_tentative_work_is_in_it_as_such_and_cancelled_work_stays_as_such(desk: Office) -> None:
    tentative, cancelled = work(desk, tentative=True), work(desk, days=9)
    desk.says("dana", about=cancelled, status="cancelled")

    found = events(made(desk))

    assert {name: str(event["STATUS"]) for name, event in found.items()} == {
        tentative: "TENTATIVE",
        cancelled: "CANCELLED",
    }


def test_what_was_withdrawn_and_what_is_a_test_is_not_in_it(desk: Office) -> None:
    withdrawn = work(desk)
    desk.says("dana", act="withdraw", about=withdrawn)
    work(desk, test=True)

    assert events(made(desk)) == {}


def test_an_incident_is_not_in_it(desk: Office) -> None:
    work(desk, kind="incident", status="investigating")

    assert events(made(desk)) == {}


@pytest.mark.parametrize(
    ("days", "within"), [(-33, False), (-20, True), (-0.05, True), (0.1, True), (360, True), (370, False)]
)
def test_it_reaches_from_a_month_ago_to_a_year_ahead(desk: Office, days: float, within: bool) -> None:
    work(desk, days=days)

    assert bool(events(made(desk))) is within


def test_work_on_what_has_no_public_name_is_nobody_s_outside(desk: Office) -> None:
    desk.run("insert into component (key) values ('vault-7')")
    work(desk, components=["vault-7"])
    both = work(desk, components=["vault-7", "card-payments"])
    work(desk, "native", key="k1", components=["never-heard-of"])

    body = made(desk)

    assert list(events(body)) == [both]
    assert b"vault" not in body and b"never" not in body


def test_what_it_touches_through_the_graph_is_named(desk: Office) -> None:
    desk.run("insert into component (key) values ('vault-7')")
    desk.run("insert into dependency (component_key, needs) values ('card-payments', 'vault-7')")
    work(desk, components=["vault-7"])

    (event,) = events(made(desk)).values()

    assert event["SUMMARY"] == "Acme: planned work on card payments"


def test_a_machine_s_plan_is_in_it_once_customers_may_hear_and_without_the_machine_s_words(desk: Office) -> None:
    at_once, waits = work(desk, "native", key="k1", symptoms="LUN 7"), work(desk, "probe", key="k2", symptoms="LUN 8")
    assert list(events(made(desk))) == [at_once]

    desk.says("dana", act="release", about=waits)

    body = made(desk)
    assert set(events(body)) == {at_once, waits}
    assert b"LUN" not in body


def test_a_machine_s_plan_that_was_dismissed_is_not_in_it(desk: Office) -> None:
    name = work(desk, "native", key="k1", days=90)  # of which nobody has been told yet
    assert list(events(made(desk))) == [name]

    desk.says("dana", act="dismiss", about=name)

    assert events(made(desk)) == {}


def test_it_ends_when_the_work_is_expected_to_end_now(desk: Office) -> None:
    end = now(desk) + 4 * HOUR
    name = work(desk, days=0)
    desk.says("dana", about=name, status="in_progress", expected_end=end.isoformat())

    (event,) = events(made(desk)).values()

    assert event.decoded("DTEND") == end


def test_moved_work_is_the_same_entry_with_a_higher_sequence(desk: Office) -> None:
    name = work(desk)
    before = events(made(desk))[name]
    start = now(desk) + timedelta(days=8)
    desk.says("dana", about=name, window={"start": start.isoformat(), "end": (start + HOUR).isoformat()})

    after = events(made(desk))[name]

    assert after["SEQUENCE"] > before["SEQUENCE"] and after.decoded("DTSTAMP") >= before.decoded("DTSTAMP")
    assert after.decoded("DTSTART") == start


def test_an_entry_is_called_the_same_in_every_mail_and_here(desk: Office) -> None:
    name = work(desk)
    desk.settle(1)
    desk.settle(desk.says("dana", about=name, kind="maintenance", benefit="Faster answers."))

    letters = desk.rows(
        "select distinct c.locale, n.side, c.told, c.body #>> '{calendar,text}' as text from content c"
        " join notice n on n.id = c.notice_id where c.channel = 'email'"
    )

    titles = {row["locale"]: set[str]() for row in letters}
    for row in letters:
        titles[row["locale"]] |= {str(event["SUMMARY"]) for event in events(row["text"].encode()).values()}
    assert {(row["side"], row["told"]) for row in letters} >= {("inside", True), ("outside", False), ("outside", True)}
    for locale, title in titles.items():
        policy = POLICY.model_copy(update={"default_locale": locale})
        assert title == {str(events(made(desk, policy))[name]["SUMMARY"])}


@pytest.mark.parametrize(("locale", "title"), [("de", "Acme: geplante Arbeiten"), ("fr", "Acme: planned work")])
def test_it_is_in_the_company_s_language_if_it_has_words_for_it(desk: Office, locale: str, title: str) -> None:
    policy = POLICY.model_copy(update={"default_locale": locale})

    assert Calendar.from_ical(made(desk, policy))["NAME"] == title


def test_whoever_has_it_already_is_told_so_until_it_changes(desk: Office) -> None:
    with open_feed(desk) as port:
        url = f"http://127.0.0.1:{port}/v1/calendar.ics"
        name = work(desk)
        first = urllib3.request("GET", url)
        etag = first.headers["etag"]
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            again = urllib3.request("GET", url, headers={"If-None-Match": known})
            assert (again.status, again.data, again.headers["etag"]) == (304, b"", etag)
            assert again.headers["cache-control"] == first.headers["cache-control"]

        desk.says("dana", about=name, status="cancelled")

        changed = urllib3.request("GET", url, headers={"If-None-Match": etag})
        assert changed.status == 200 and changed.headers["etag"] != etag
        assert b"STATUS:CANCELLED" in changed.data


def test_a_look_at_its_head_costs_no_body(desk: Office) -> None:
    answer = ask(desk, "HEAD")

    assert (answer.status, answer.data) == (200, b"")
    assert answer.headers["etag"] == ask(desk).headers["etag"]


def test_many_who_ask_at_once_are_one_question_to_the_database(desk: Office) -> None:
    seconds = [100.0]
    calendar = CalendarFeed(desk.planner, POLICY, kept_seconds=30, clock=lambda: seconds[0])
    first = calendar.answer()
    name = work(desk)
    seconds[0] += 29.9
    assert calendar.answer() is first

    seconds[0] += 0.1

    assert list(events(calendar.answer().body)) == [name]


def test_all_else_at_the_desk_still_needs_a_token(desk: Office) -> None:
    answer = urllib3.request("GET", f"http://127.0.0.1:{desk.port}/v1/outages")

    assert answer.status == 401


def test_a_machine_s_plan_that_the_storm_brake_holds_is_not_in_it(desk: Office) -> None:
    name = work(desk, "native", key="k1")
    desk.run(
        "update notice_channel set state = 'held', hold = 'storm', released_at = null"
        " where notice_id in (select id from notice where side = 'outside')"
    )

    assert name not in events(made(desk))
