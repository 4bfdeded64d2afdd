"""Tellings that try every text before the first real notice needs it: with all facts, and with hardly any."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forewarn.component import Impact, Touched
from forewarn.contracts.policy import Company
from forewarn.notice import CHILDREN, Occasion
from forewarn.outage import Facts, ReaderAction, Severity, Status
from forewarn.subscriber import VOICES, Side, Voice
from services.planner.moments import PIECES, Manner, Moments, Reading
from services.planner.rehearsal_planned import tried_layouts, tried_plans
from services.planner.telling import Customers, Named, Telling

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_LATER = NOON + timedelta(hours=2)
_FULL = Facts(
    status=Status.IDENTIFIED,
    severity=Severity.CRITICAL,
    symptoms="s",
    cause="c",
    action="a",
    workaround="w",
    reader_action=ReaderAction("r", _LATER, "https://status.acme.example/r"),
    expected_end=_LATER,
    unknown_components=("u",),
    communicator="p",
    responders=("q",),
    signed_by="d",
    note="n",
)
_BARE = Telling(
    outage="INC-1",
    occasion=Occasion.FIRST,
    side=Side.OUTSIDE,
    opened_at=NOON,
    closed_at=None,
    stated=Facts(),
    observed=Facts(),
    by_person=False,
    touched=(),
    names={},
    promised_at=None,
    now=NOON,
    subject_name="x",
    company=Company(support=None),
)
_NAMES = {key: Named(key, key, {"en": {"down": "p"}} if key in "ab" else {}) for key in "abcd"}
_RICH = replace(
    _BARE,
    stated=_FULL,
    observed=Facts(status=Status.MONITORING, symptoms="m"),
    by_person=True,
    touched=tuple(Touched(key, impact, ("z", key)) for key, impact in zip("abcd", [*Impact][:0:-1] * 2, strict=False)),
    names=_NAMES,
    promised_at=_LATER,
    company=Company(status_page="https://status.acme.example"),
    test=True,
    said=Facts(status=Status.RESOLVED, symptoms="t", cause="t", action="t", workaround="t"),
    news_at=NOON,
    holdings=3,
)
_SAID = Facts(
    status=Status.IDENTIFIED,
    components={"a": Impact.MOMENTARY, "b": Impact.MOMENTARY, "c": Impact.DOWN, "z": Impact.DOWN},
    cause="t",
    workaround="t",
    reader_action=ReaderAction("t"),
    expected_end=_LATER,
    next_update_at=_LATER,
)
_SOME = Facts(status=Status.INVESTIGATING, expected_end=_LATER + timedelta(hours=1), communicator="p")
_TELLINGS = (
    _BARE,
    _RICH,
    replace(_RICH, closed_at=_LATER),
    replace(_RICH, stated=Facts(status=Status.MONITORING), touched=_RICH.touched[:2], said=_FULL),
    replace(_BARE, observed=Facts(status=Status.MONITORING), touched=_RICH.touched[:1], news_at=NOON, holdings=1),
)
_MISTAKEN = replace(
    _RICH, occasion=Occasion.CORRECTION, stated=_SOME, said=_SAID, touched=_RICH.touched[:3], promised_at=NOON
)
_WITHDRAWN = replace(_RICH, closed_at=_LATER, withdrawn=True, occasion=Occasion.WITHDRAWN)
_UNTOLD = (Occasion.FIRST, Occasion.RESOLVED, Occasion.CORRECTION, Occasion.WITHDRAWN)
_TOLD = (*(Occasion.UPDATE, Occasion.HOLDING, Occasion.RESOLVED), *(Occasion.CORRECTION, Occasion.WITHDRAWN))


def tried(manner: Manner, locale: str) -> Manner:
    """The manner, after writing a moment of today, of another day and of another year in it."""
    reading = Reading(moments := Moments())
    if {len(manner.window), len(manner.window_over_days)} != {PIECES}:
        raise ValueError(f"a window stands in {PIECES} pieces")
    for days in (0, 1, 400):
        reading.at(NOON + timedelta(days=days))
        reading.clock(NOON + timedelta(days=days))
        reading.window(NOON, NOON + timedelta(days=days, hours=2))
    moments.spelled({1: "Europe/Berlin"}, NOON, manner, locale)
    return manner


def variants(locales: Iterable[str]) -> Iterator[tuple[Telling, Voice, str, bool]]:
    """Every voice, locale and text, told and not, over tellings that say much and little, heard outside and not."""
    for locale in sorted(locales):
        for telling, told in (*_spoken(), *_unheard(), *tried_plans(_BARE, _RICH)):
            for voice in VOICES[telling.side]:
                yield telling, voice, locale, told


def layouts(locales: Iterable[str]) -> Iterator[tuple[Telling, Voice, str, bool]]:
    """Every telling, to each side: what a channel's layout must be able to set, whatever the language."""
    for telling in (*_TELLINGS, _MISTAKEN, _WITHDRAWN):
        for side in Side:
            yield replace(telling, side=side), VOICES[side][0], min(locales), telling.occasion in _TOLD
    for telling, told in tried_layouts(_RICH):
        yield telling, VOICES[telling.side][0], min(locales), told


def _spoken() -> Iterator[tuple[Telling, bool]]:
    for telling in _TELLINGS:
        for side in Side:
            for told, occasions in ((True, _TOLD), (False, _UNTOLD)):
                for occasion in occasions:
                    yield replace(telling, side=side, occasion=occasion), told
    for side in Side:
        yield replace(_MISTAKEN, side=side), True
        for child in sorted(CHILDREN):
            yield replace(_RICH, side=side, occasion=child), False
        for told in (True, False):
            yield replace(_WITHDRAWN, side=side), told


def _unheard() -> Iterator[tuple[Telling, bool]]:
    """What colleagues read while customers do not hear."""
    inside = replace(_RICH, side=Side.INSIDE)
    for customers in [*Customers][1:]:
        yield replace(inside, customers=customers, held_until=_LATER), False
    yield replace(inside, customers=Customers.AFTER), False
    for occasion in (Occasion.HOLDING, Occasion.CORRECTION, Occasion.WITHDRAWN):
        yield replace(inside, customers=Customers.PERSON, occasion=occasion), True
    yield replace(_WITHDRAWN, side=Side.INSIDE, customers=Customers.PERSON), True
