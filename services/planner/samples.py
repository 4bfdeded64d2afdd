"""Made-up outages, told on every occasion: what docs/texts.md shows of the texts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forewarn.component import Impact, Touched
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import Facts, ReaderAction, Severity, Status
from forewarn.subscriber import Side, Voice
from services.planner.sample import Sample
from services.planner.samples_planned import planned_samples
from services.planner.telling import Customers, Named, Telling

OPENED = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
ZONE = "Europe/Berlin"
STATED: Mapping[str, Mapping[str, str]] = {
    "en": {
        "cause": "A certificate of ours has expired.",
        "wrong": "Our card processor is down.",
        "action": "We are installing a new one.",
        "workaround": "Bank transfers work.",
        "asked": "Send orders that failed once more.",
        "done": "We installed a new certificate.",
        "slip": "A drill was mistaken for the real thing.",
    },
    "de": {
        "cause": "Eines unserer Zertifikate ist abgelaufen.",
        "wrong": "Unser Kartenabwickler ist ausgefallen.",
        "action": "Wir spielen ein neues ein.",
        "workaround": "Überweisungen funktionieren.",
        "asked": "Senden Sie fehlgeschlagene Bestellungen noch einmal.",
        "done": "Wir haben ein neues Zertifikat eingespielt.",
        "slip": "Eine Übung wurde für den Ernstfall gehalten.",
    },
}
"""What a person writes goes out as it was written; here she writes to everybody in their own language."""
_SYMPTOMS = {
    "en": {"down": "Some of you cannot pay by card right now."},
    "de": {"down": "Einige von Ihnen können derzeit nicht mit Karte zahlen."},
}
_TOUCHED = (
    Touched("payments-db", Impact.DOWN, ("payments-db",)),
    Touched("card-api", Impact.DOWN, ("payments-db", "card-api")),
)
_SIGNED = "Dana Roth, Acme"


def samples(locale: str) -> Iterator[Sample]:
    """The same notices in every locale: an incident as it goes, then planned work, then a release."""
    first, stated = _first(), STATED[locale]
    known = _known(stated)
    yield Sample("First words, before a cause is known", first, told=False)
    yield Sample("An update: the cause is known", known)
    yield Sample("No news at the promised time", _holding(known, 1, 49))
    yield Sample("No news for the third time", _holding(known, 3, 109))
    yield Sample("A correction", _corrected(known, stated))
    yield Sample("It seems to be over", _calm(known))
    over = _over(known, stated)
    yield Sample("It is over, and readers must do something", over)
    yield Sample("It is over, to those who hear of it only now", over, told=False)
    yield Sample("At the end of somebody's quiet hours", _waking(first), told=False)
    yield Sample("One notice was wrong", _taken_back(first))
    yield Sample("All of it was a false alarm", _false_alarm(first, stated))
    yield Sample("A rehearsal", replace(first, test=True), told=False)
    yield Sample("To support", _inside(first), Voice.SUPPORT, told=False)
    yield Sample("To an account team", _inside(known), Voice.ACCOUNT_TEAM)
    held = replace(_inside(first), customers=Customers.AFTER, held_until=_at(5))
    yield Sample("To colleagues, before customers hear of it", held, Voice.INTERNAL, told=False)
    yield Sample("To colleagues, when there is no news", _inside(_holding(known, 2, 79)), Voice.INTERNAL)
    yield from planned_samples(locale)


def _at(minutes: int) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def _first() -> Telling:
    return Telling(
        outage="INC-7",
        occasion=Occasion.FIRST,
        side=Side.OUTSIDE,
        opened_at=OPENED,
        closed_at=None,
        stated=Facts(signed_by=_SIGNED),
        observed=Facts(severity=Severity.CRITICAL, symptoms="5xx on /charge"),
        by_person=False,
        touched=_TOUCHED,
        names={"card-api": Named("card-api", "Acme Pay", _SYMPTOMS)},
        promised_at=_at(30),
        now=OPENED,
        subject_name="Acme Pay",
        company=Company(status_page="https://status.acme.example"),
    )


def _known(stated: Mapping[str, str]) -> Telling:
    facts = Facts(
        status=Status.IDENTIFIED,
        cause=stated["cause"],
        action=stated["action"],
        workaround=stated["workaround"],
        expected_end=_at(120),
        communicator="dana",
        responders=("kim", "lee"),
        signed_by=_SIGNED,
    )
    return replace(_first(), occasion=Occasion.UPDATE, stated=facts, promised_at=_at(50), now=_at(20))


def _holding(known: Telling, in_a_row: int, minutes: int) -> Telling:
    said = replace(known, occasion=Occasion.HOLDING, holdings=in_a_row, news_at=known.now)
    return replace(said, now=_at(minutes), promised_at=_at(minutes + 31))


def _corrected(known: Telling, stated: Mapping[str, str]) -> Telling:
    said = replace(known.stated, cause=stated["wrong"], expected_end=_at(90))
    return replace(known, occasion=Occasion.CORRECTION, said=said)


def _calm(known: Telling) -> Telling:
    calm = replace(known.stated, status=Status.MONITORING, expected_end=None, workaround=None)
    return replace(known, stated=calm, now=_at(55), promised_at=_at(85))


def _over(known: Telling, stated: Mapping[str, str]) -> Telling:
    asked = ReaderAction(stated["asked"], _at(26 * 60), "https://acme.example/how")
    facts = replace(known.stated, status=Status.RESOLVED, action=stated["done"], reader_action=asked)
    return replace(known, occasion=Occasion.RESOLVED, stated=facts, closed_at=_at(68), now=_at(68), promised_at=None)


def _waking(first: Telling) -> Telling:
    return replace(first, occasion=Occasion.WAKE, now=_at(300), promised_at=_at(330))


def _taken_back(first: Telling) -> Telling:
    return replace(first, occasion=Occasion.WITHDRAWN, now=_at(9), promised_at=_at(39))


def _false_alarm(first: Telling, stated: Mapping[str, str]) -> Telling:
    facts = Facts(note=stated["slip"], signed_by=_SIGNED)
    return replace(_taken_back(first), stated=facts, withdrawn=True, closed_at=_at(9), promised_at=None)


def _inside(telling: Telling) -> Telling:
    return replace(telling, side=Side.INSIDE, subject_name="payments-db")
