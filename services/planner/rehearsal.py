"""Tellings that try every text before the first real notice needs it: with all facts, and with hardly any."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forewarn.component import Impact, Touched
from forewarn.contracts.policy import Company
from forewarn.outage import Facts, ReaderAction, Severity, Status
from forewarn.subscriber import VOICES, Side, Voice
from services.planner.moments import Manner, Moments, Reading
from services.planner.telling import Named, Telling
from services.planner.templates import OCCASIONS

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
    occasion=OCCASIONS[0],
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
    closed_at=_LATER,
    stated=_FULL,
    observed=Facts(status=Status.MONITORING, symptoms="m"),
    by_person=True,
    touched=tuple(Touched(key, impact, ("z", key)) for key, impact in zip("abcd", [*Impact][:0:-1] * 2, strict=False)),
    names=_NAMES,
    promised_at=_LATER,
    company=Company(status_page="https://status.acme.example"),
    test=True,
)
_TELLINGS = (
    _BARE,
    _RICH,
    replace(_RICH, stated=Facts()),
    replace(_RICH, stated=Facts(status=Status.MONITORING), touched=_RICH.touched[:2]),
    replace(_BARE, observed=Facts(status=Status.MONITORING), touched=_RICH.touched[:1]),
)


def tried(manner: Manner, locale: str) -> Manner:
    """The manner, after writing a moment of today, of another day and of another year in it."""
    reading = Reading(moments := Moments())
    for write in (reading.at, reading.clock):
        for days in (0, 1, 400):
            write(NOON + timedelta(days=days))
    moments.spelled({1: "Europe/Berlin"}, NOON, manner, locale)
    return manner


def variants(locales: Iterable[str]) -> Iterator[tuple[Telling, Voice, str, bool]]:
    """Every voice, locale and occasion, told and not, over tellings that say much and little."""
    for locale in sorted(locales):
        for telling in _TELLINGS:
            for side, voices in VOICES.items():
                for voice in voices:
                    for occasion in OCCASIONS:
                        for told in (True, False):
                            yield replace(telling, side=side, occasion=occasion), voice, locale, told
