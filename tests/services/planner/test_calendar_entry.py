"""Laws of the entry that goes with notices of planned work (RFC 5545, 5546)."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from icalendar import Calendar as ICalendar

from forewarn.content import Calendar, slot
from forewarn.notice import CHILDREN, Occasion
from forewarn.outage import Facts, ReaderAction, Status, Window
from forewarn.subscriber import Side
from services.planner.calendar_entry import calendar_of, description_of
from services.planner.telling import PlannedWork, Telling
from tests.services.planner.tellings import OPENED, a_telling
from tests.support.planned import START, event_in

SUBJECT = "Acme Proactive Notification: card payments"
WORK = PlannedWork(Window(START, START + timedelta(hours=2)), START + timedelta(hours=2), Status.SCHEDULED)
SAID_WHEN = [
    *(Occasion.REMINDER, Occasion.DELAYED, Occasion.CORRECTION, Occasion.FIRST, Occasion.UPDATE),
    *sorted(CHILDREN),
]
ON_ITS_WAY = [
    *(Occasion.STARTING, Occasion.PROGRESS, Occasion.OVERRUN, Occasion.COMPLETED),
    *(Occasion.HOLDING, Occasion.RESOLVED, Occasion.FOLLOW_UP),
]


def planned(occasion: Occasion = Occasion.REMINDER, work: dict[str, Any] | None = None, **what: Any) -> Telling:
    return a_telling(outage="MNT-7", occasion=occasion, work=replace(WORK, **(work or {})), **what)


def entry(telling: Telling, description: str = "Faster answers.", revision: int = 3) -> Calendar:
    calendar = calendar_of(telling, SUBJECT, description, revision, OPENED)
    assert calendar is not None
    return calendar


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("occasion", SAID_WHEN)
def test_whatever_says_when_the_work_is_brings_its_entry_to_either_side(occasion: Occasion, side: Side) -> None:
    calendar = entry(planned(occasion, side=side))

    event = event_in(calendar.text)
    assert (calendar.method, event["STATUS"]) == ("PUBLISH", "CONFIRMED")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (WORK.window.start, WORK.window.end)
    assert event["SUMMARY"] == SUBJECT
    assert event["DESCRIPTION"] == "Faster answers."
    assert event["URL"] == "https://status.acme.example"
    assert event.decoded("DTSTAMP") == OPENED.replace(microsecond=0)


@pytest.mark.parametrize("occasion", ON_ITS_WAY)
def test_what_says_how_it_goes_brings_none(occasion: Occasion) -> None:
    assert calendar_of(planned(occasion), SUBJECT, "", 3, OPENED) is None


@pytest.mark.parametrize("occasion", Occasion)
def test_an_incident_brings_none_on_any_occasion(occasion: Occasion) -> None:
    assert calendar_of(a_telling(occasion=occasion), SUBJECT, "", 3, OPENED) is None


def test_every_occasion_is_decided() -> None:
    taken_back = {Occasion.CANCELLED, Occasion.WITHDRAWN}

    assert {*SAID_WHEN, *ON_ITS_WAY} | taken_back == set(Occasion)


def test_tentative_work_is_a_tentative_entry() -> None:
    calendar = entry(planned(work={"tentative": True}))

    assert (calendar.method, event_in(calendar.text)["STATUS"]) == ("PUBLISH", "TENTATIVE")


@pytest.mark.parametrize(
    "telling",
    [
        planned(Occasion.CANCELLED, {"status": Status.CANCELLED}),
        planned(Occasion.WAKE, {"status": Status.CANCELLED}),
        planned(Occasion.WITHDRAWN),
        planned(Occasion.WITHDRAWN, withdrawn=True),
        planned(Occasion.STARTING, withdrawn=True),
        planned(Occasion.CANCELLED, {"status": Status.CANCELLED, "tentative": True}),
    ],
)
def test_what_is_cancelled_or_taken_back_is_a_cancel_inside_and_outside(telling: Telling) -> None:
    calendar = entry(telling)

    assert calendar.method == ICalendar.from_ical(calendar.text)["METHOD"] == "CANCEL"
    assert event_in(calendar.text)["STATUS"] == "CANCELLED"


def test_whoever_wakes_after_it_is_completed_gets_none() -> None:
    assert calendar_of(planned(Occasion.WAKE, {"status": Status.COMPLETED}), SUBJECT, "", 3, OPENED) is None


def test_all_that_is_said_of_one_piece_of_work_is_one_entry_whose_sequence_grows() -> None:
    later = Window(START + timedelta(days=1), START + timedelta(days=1, hours=2))
    tellings = [
        planned(work={"tentative": True}),
        planned(),
        planned(Occasion.DELAYED, {"window": later, "end": later.end, "was": WORK.window}),
        planned(Occasion.CANCELLED, {"status": Status.CANCELLED}),
        planned(Occasion.WITHDRAWN, withdrawn=True),
    ]

    events = [event_in(entry(telling, revision=at).text) for at, telling in enumerate(tellings, 1)]

    assert {event["UID"] for event in events} == {"MNT-7@127.0.0.1"}
    assert all(one["SEQUENCE"] < other["SEQUENCE"] for one, other in pairwise(events))
    assert events[2].decoded("DTSTART") == later.start


@pytest.mark.parametrize(
    ("hours", "shown"), [(3, 3), (1, 1), (0, 2), (-1, 2)], ids=["longer", "shorter", "none", "before the start"]
)
def test_it_ends_when_the_work_is_expected_to_end(hours: int, shown: int) -> None:
    event = event_in(entry(planned(Occasion.DELAYED, {"end": START + timedelta(hours=hours)})).text)

    assert event.decoded("DTEND") == START + timedelta(hours=shown)


def test_no_reader_s_own_value_stands_in_what_all_readers_share() -> None:
    words = f"Faster answers.\n\nWe begin at {slot('t0')},\nand end at {slot('t1')}.\n\nFor {slot('accounts')}.\n\nBye."

    assert event_in(entry(planned(), words).text)["DESCRIPTION"] == "Faster answers.\n\nBye."


def test_it_describes_what_persons_stated_for_readers_and_nothing_else() -> None:
    stated = Facts(
        symptoms="Cards fail\r\nfor minutes.",
        benefit="Faster answers.",
        cause="Old disks.",
        note="Sorry!",
        communicator="dana",
        responders=("kim",),
        reader_action=ReaderAction("Renew your key.", link="https://acme.example/how"),
    )

    assert description_of(stated) == (
        "Cards fail\nfor minutes.\n\nFaster answers.\n\nRenew your key.\n\nhttps://acme.example/how"
    )
    assert description_of(Facts()) == ""
