"""Planned work: what is sent when it is planned, what is shown before, and how it is looked up."""

from typing import Any
from unittest.mock import ANY

import pytest

from forewarn.contracts.event import parse_event

from .conftest import Run, Types
from .house import House
from .views import a_log_entry, a_preview, a_preview_notice, a_row, a_rung, a_schedule, a_status, a_work, carried_out

SENT, STATE, PREVIEW = "POST /v1/events", "GET /v1/events/*", "POST /v1/preview"
REHEARSAL, SCHEDULE, WORK = "POST /v1/maintenances/rehearsal", "GET /v1/outages/MNT-3/schedule", "GET /v1/outages/MNT-3"
WHEN = ("--start", "2026-03-09 20:00", "--end", "22:00")
PLAN = ("maintenance", "plan", "--components", "api,checkout", *WHEN)
QUIET = {"notices": [], "groups": [], "texts": [], "people": 0, "outage": None, "revision": None}


@pytest.fixture
def desk(house: House) -> House:
    house.says("GET /v1/status", a_status())
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(outage="MNT-3"))
    house.says(PREVIEW, a_preview(**QUIET))
    house.says(REHEARSAL, a_schedule(outage=None))
    house.says(SCHEDULE, a_schedule())
    house.says(WORK, a_work())
    return house


def sent(house: House) -> Any:
    (only,) = house.asked(SENT)
    parse_event(only.body)
    return only.json


def test_a_plan_is_one_event_with_its_window_in_utc(desk: House, run: Run) -> None:
    facts = ("--impact", "down", "--benefit", "Faster payouts.", "--class", "major", "--tentative", "--country", "de")
    must = ("--reader-action", "Allow our address.", "--action-by", "2026-03-06 18:00", "--requested-by", "nordwind")

    ran = run(*PLAN, *facts, *must, "--yes")

    assert sent(desk) == {
        "event_id": ANY,
        "key": sent(desk)["event_id"],
        "kind": "maintenance",
        "status": "scheduled",
        "components": ["api", "checkout"],
        "impact": "down",
        "benefit": "Faster payouts.",
        "notice_class": "major",
        "tentative": True,
        "country": "DE",
        "reader_action": {"what": "Allow our address.", "by": "2026-03-06T17:00:00Z"},
        "changes_requested_by": ["nordwind"],
        "window": {"start": "2026-03-09T19:00:00Z", "end": "2026-03-09T21:00:00Z"},
    }
    assert (ran.code, ran.out) == (0, "MNT-3 planned (revision 1).\n")


def test_times_are_those_of_the_zone_that_is_named(desk: House, run: Run) -> None:
    run(*PLAN, "--zone", "America/New_York", "--yes")

    assert sent(desk)["window"] == {"start": "2026-03-10T00:00:00Z", "end": "2026-03-10T02:00:00Z"}


def test_components_may_be_repeated_or_stand_together(desk: House, run: Run) -> None:
    run("maintenance", "plan", "--component", "api", "--components", "a, b,", *WHEN, "--yes")

    assert sent(desk)["components"] == ["api", "a", "b"]


def test_a_dry_run_shows_what_goes_out_when_and_sends_nothing(desk: House, run: Run) -> None:
    desk.says(REHEARSAL, a_schedule(outage=None, breaches=["customers hear 4 business days before, not 5"]))

    ran = run(*PLAN, "--dry-run")

    assert (ran.code, ran.err, desk.asked(SENT)) == (0, "", [])
    assert desk.asked(REHEARSAL)[0].body == desk.asked(PREVIEW)[0].body
    for words in ("Schedule, by the clock of Europe/Berlin", "20:00 CET", "19:00 UTC", "812,410", "leaves 19:05"):
        assert words in ran.out
    assert "Short of what is asked: customers hear 4 business days before" in ran.out
    assert "No notice is to be told now." in ran.out and "Nobody outside is told now." in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_dry_run_as_json_is_one_document_of_preview_and_schedule(desk: House, run: Run) -> None:
    ran = run(*PLAN, "--dry-run", "--json")

    assert (ran.err, ran.json["preview"]["people"], ran.json["schedule"]["zone"]) == ("", 0, "Europe/Berlin")


@pytest.mark.parametrize(
    ("people", "question"),
    [(0, "Go by this schedule? [y/N]"), (12, "Tell 12 people now, and go by this schedule? [y/N]")],
)
def test_nothing_is_planned_unless_the_answer_to_the_schedule_is_yes(
    desk: House, run: Run, types: Types, people: int, question: str
) -> None:
    notices = [a_preview_notice(people=people)] if people else []
    desk.says(PREVIEW, a_preview(**QUIET | {"people": people, "notices": notices}))
    types("n\n")

    ran = run(*PLAN)

    assert "19:00 UTC" in ran.err and question in ran.err
    assert (ran.code, desk.asked(SENT)) == (1, [])


def test_without_a_schedule_work_can_still_be_planned(desk: House, run: Run) -> None:
    desk.says(REHEARSAL, (503, {"reason": "starting"}))

    ran = run(*PLAN, "--yes")

    assert "No schedule can be had." in ran.err and len(desk.asked(SENT)) == 1


def test_a_plan_that_would_be_refused_is_not_sent(desk: House, run: Run) -> None:
    desk.says(REHEARSAL, (422, {"reason": "it ends before it starts"}))

    ran = run(*PLAN, "--yes")

    assert (ran.code, "it ends before it starts" in ran.err, desk.asked(SENT)) == (1, True, [])


def test_a_program_that_is_asked_nothing_waits_for_no_schedule(desk: House, run: Run) -> None:
    ran = run(*PLAN, "--yes", "--json")

    assert (ran.json["outage"], ran.err, desk.asked(REHEARSAL)) == ("MNT-3", "", [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", *WHEN), "--components NAME,NAME"),
        (("plan", "--components", "api", "--start", "20:00"), "--end"),
        ((*PLAN[1:], "--zone", "Berlin"), "--zone: 'Berlin' is no time zone. Write it like Europe/Berlin"),
        ((*PLAN[1:], "--country", "Germany"), "--country: 'Germany' is no country. Write it with two letters"),
        ((*PLAN[1:], "--action-by", "tomorrow 10:00"), "say nothing without --reader-action"),
        ((*PLAN[1:], "--class", "huge"), "action_required"),
        (("show", "INC-7"), "INC-7 is an incident, and here planned work is meant. See `forewarn incident`"),
        (("show", "ANN-2"), "ANN-2 is an announcement"),
        (("show", "payouts"), "It looks like MNT-7: `forewarn maintenance list`"),
        (("confirm", "MNT-3"), "nobody is there to say yes"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(
    desk: House, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    more = () if arguments[0] in ("show", "confirm") else ("--yes",)

    ran, document = run("maintenance", *arguments, *more), run("maintenance", *arguments, *more, "--json")

    assert (ran.code, words in " ".join(ran.err.split()), desk.asked(SENT)) == (2, True, [])
    assert (document.code, document.json["error"]["kind"], document.err) == (2, "usage", "")


def test_an_incident_verb_says_where_planned_work_belongs(desk: House, run: Run) -> None:
    for verb in ("withdraw", "take", "show"):
        ran = run("incident", verb, "MNT-3", *(["--yes"] if verb == "withdraw" else []))

        assert (ran.code, "See `forewarn maintenance`" in ran.err) == (2, True)
    assert desk.heard == []


def test_a_page_shows_the_window_and_what_is_to_come_in_80_columns(desk: House, run: Run) -> None:
    ran = run("maintenance", "show", "3")

    for words in ("MNT-3", "Payouts within minutes.", "Mon 9 Mar 20:00 CET", "Schedule of MNT-3", "leaves 19:05"):
        assert words in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_page_says_its_facts_in_plain_words(desk: House, run: Run) -> None:
    facts = a_work().facts | {"tasks": {"done": 3, "total": 5}, "tentative": False}
    desk.says("GET /v1/outages/MNT-3", a_work(facts=facts))

    words = " ".join(run("maintenance", "show", "3").out.split())

    for said in ("window Mon 9 Mar 20:00 CET to Mon 9 Mar 22:00 CET", "tasks 3 of 5 done", "tentative no"):
        assert said in words


def test_a_page_is_shown_without_its_schedule_if_the_desk_cannot_say(desk: House, run: Run) -> None:
    desk.says(SCHEDULE, (503, {"reason": "starting"}))

    ran, document = run("maintenance", "show", "MNT-3"), run("maintenance", "show", "MNT-3", "--json")

    assert (ran.code, "Payouts within minutes." in ran.out, "No schedule can be had." in ran.err) == (0, True, True)
    assert (document.json["name"], document.json["schedule"]) == ("MNT-3", None)


def test_a_page_as_json_holds_the_schedule(desk: House, run: Run) -> None:
    ran = run("maintenance", "show", "MNT-3", "--json")

    assert (ran.json["name"], ran.err) == ("MNT-3", "")
    assert ran.json["schedule"]["rungs"][0] == a_rung(side="inside", audience=31, drain_seconds=0.2).model_dump(
        mode="json"
    )


def test_the_log_names_who_did_what(desk: House, run: Run) -> None:
    desk.says("GET /v1/outages/MNT-3/log", [a_log_entry()])

    assert "dana" in run("maintenance", "show", "MNT-3", "--log").out
    assert desk.asked(SCHEDULE) == []


def test_a_list_names_the_next_work_first_with_its_times(desk: House, run: Run) -> None:
    window = {"start": "2026-03-09T19:00:00Z", "end": "2026-03-09T21:00:00Z"}
    later = {"start": "2026-05-09T19:00:00Z", "end": "2026-05-09T21:00:00Z"}
    first = a_row(name="MNT-4", window=window, tentative=True, expected_end="2026-03-09T22:30:00Z")
    desk.says("GET /v1/outages", [a_row(name="MNT-5"), a_row(name="MNT-3", window=later), first], [])

    listed, empty = run("maintenance", "list"), run("maintenance", "list", "--all")

    assert listed.out.index("MNT-4") < listed.out.index("MNT-3") < listed.out.index("MNT-5")
    for words in ("(tentative)", "Mon 9 Mar", "20:00 CET", "23:30 CET", "Sat 9 May"):
        assert words in listed.out
    assert max(map(len, listed.out.splitlines())) <= 80
    assert empty.out == "No work was planned.\n"
    asked = [each.path for each in desk.heard]
    assert asked == ["/v1/outages?kind=maintenance&open=true", "/v1/outages?kind=maintenance"]
