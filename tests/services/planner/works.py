"""Builders of tellings of planned work and of releases; each says only what matters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from forewarn.notice import Occasion
from forewarn.outage import Facts, Status, Window
from services.planner.telling import PlannedWork, Telling

from .tellings import TOUCHED, a_telling

START = datetime(2026, 12, 14, 20, tzinfo=UTC)
"""21:00 in Berlin, a Monday."""
WINDOW = Window(START, START + timedelta(hours=2))
BENEFIT = "Card payments will go through faster."
GOING, DONE, OFF = Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def later(window: Window, by: timedelta) -> Window:
    return Window(window.start + by, window.end + by)


def a_work(**what: Any) -> Telling:
    """Two hours of work on card payments, told of a week before; what `PlannedWork` has goes there."""
    own = {name: what.pop(name) for name in PlannedWork.__dataclass_fields__ if name in what}
    work = replace(PlannedWork(WINDOW, WINDOW.end, Status.SCHEDULED), **own)
    told = {
        "outage": "MNT-3",
        "occasion": Occasion.REMINDER,
        "stated": Facts(status=work.status, benefit=BENEFIT, window=work.window, signed_by="Dana Roth, Acme"),
        "observed": Facts(),
        "by_person": True,
        "opened_at": START - timedelta(days=7),
        "now": START - timedelta(days=7),
        "promised_at": None,
        "touched": TOUCHED,
        "work": work,
    }
    return a_telling(**(told | what))


def under_way(**what: Any) -> Telling:
    """Half an hour after its start, as a person said."""
    return a_work(**({"occasion": Occasion.PROGRESS, "status": GOING, "now": START + HOUR / 2} | what))


def an_overrun(**what: Any) -> Telling:
    """One minute before its planned end, and no other end is known."""
    late = {"occasion": Occasion.OVERRUN, "status": GOING, "now": WINDOW.end - MINUTE}
    return a_work(**(late | {"promised_at": WINDOW.end + HOUR / 2} | what))


def a_silence(**what: Any) -> Telling:
    """Half an hour after its planned end, and nobody said anything."""
    silent = {"occasion": Occasion.HOLDING, "status": GOING, "now": WINDOW.end + HOUR / 2, "news_at": WINDOW.end}
    return a_work(**(silent | {"promised_at": WINDOW.end + HOUR, "holdings": 1} | what))


def a_finish(**what: Any) -> Telling:
    """A quarter of an hour before its planned end."""
    over = WINDOW.end - 15 * MINUTE
    return a_work(**({"occasion": Occasion.COMPLETED, "status": DONE, "now": over, "closed_at": over} | what))


def a_delay(**what: Any) -> Telling:
    """From the 14th to the 15th, told on the 12th."""
    moved = later(WINDOW, timedelta(days=1))
    told = {"occasion": Occasion.DELAYED, "window": moved, "end": moved.end, "was": WINDOW, "was_end": WINDOW.end}
    return a_work(**(told | {"now": START - timedelta(days=2)} | what))


def a_cancellation(**what: Any) -> Telling:
    return a_work(**({"occasion": Occasion.CANCELLED, "status": OFF, "now": START - timedelta(days=2)} | what))


def a_wrong_work(**what: Any) -> Telling:
    """It had been told of for the day before."""
    said = Facts(status=Status.SCHEDULED, window=later(WINDOW, timedelta(days=-1)))
    return a_work(**({"occasion": Occasion.CORRECTION, "said": said} | what))


def no_work(**what: Any) -> Telling:
    now = START - timedelta(days=6)
    return a_work(**({"occasion": Occasion.WITHDRAWN, "withdrawn": True, "now": now, "closed_at": now} | what))


def every_work(**what: Any) -> list[Telling]:
    kinds = (a_work, under_way, an_overrun, a_silence, a_finish, a_delay, a_cancellation, a_wrong_work, no_work)
    return [a_kind(**what) for a_kind in kinds] + [
        a_work(occasion=Occasion.STARTING, now=START - MINUTE, **what),
        an_overrun(end=WINDOW.end + HOUR, **what),
    ]


def a_release(**what: Any) -> Telling:
    facts = Facts(
        version="4.2",
        whats_new="You can now pay by bank transfer, too.",
        benefit="Your money arrives faster.",
        signed_by="Dana Roth, Acme",
    )
    told = {"outage": "ANN-2", "stated": facts, "observed": Facts(), "by_person": True, "promised_at": None}
    return a_telling(**(told | what))


def every_release(**what: Any) -> list[Telling]:
    wrong = {"occasion": Occasion.CORRECTION, "said": Facts(whats_new="You can pay by cheque.")}
    return [
        a_release(**what),
        a_release(**({"occasion": Occasion.UPDATE} | what)),
        a_release(**(wrong | what)),
        a_release(**({"occasion": Occasion.WITHDRAWN, "withdrawn": True} | what)),
        a_release(**({"occasion": Occasion.WITHDRAWN} | what)),
    ]
