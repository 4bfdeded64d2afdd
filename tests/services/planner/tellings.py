"""Builders of tellings and a reader who opens what was composed; each says only what matters."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from forewarn.component import Impact, Touched
from forewarn.content import Content, Words, escaped, values_for
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import Facts, Severity, Status
from forewarn.subscriber import Side, Voice
from services.planner.compose import Composer, Named, Telling

OPENED = datetime(2026, 11, 24, 13, 2, 10, tzinfo=UTC)
CARDS = Named("card-api", "card payments", {"en": {"down": "Some of you cannot pay by card right now."}})
DATABASE = Named("payments-db", None, {"en": {"down": "The payments database is gone."}})
TOUCHED = (
    Touched("payments-db", Impact.DOWN, ("payments-db",)),
    Touched("card-api", Impact.DOWN, ("payments-db", "card-api")),
)
COMPOSER = Composer()


def a_telling(**what: Any) -> Telling:
    """A machine's incident at its first notice: a database that nobody outside knows takes card payments down."""
    telling = Telling(
        outage="INC-7",
        occasion=Occasion.FIRST,
        side=Side.OUTSIDE,
        opened_at=OPENED,
        closed_at=None,
        stated=Facts(signed_by="Dana Roth, Acme"),
        observed=Facts(severity=Severity.CRITICAL, symptoms="5xx on /charge"),
        by_person=False,
        touched=TOUCHED,
        names={named.key: named for named in (CARDS, DATABASE)},
        promised_at=OPENED + timedelta(minutes=30),
        now=OPENED + timedelta(seconds=2),
        subject_name="card payments",
        company=Company(status_page="https://status.acme.example"),
    )
    return replace(telling, **what)


def an_update(**what: Any) -> Telling:
    return a_telling(occasion=Occasion.UPDATE, now=OPENED + timedelta(minutes=27), **what)


def the_end(minutes: int = 68, **what: Any) -> Telling:
    closed = OPENED + timedelta(minutes=minutes)
    told = {"stated": Facts(status=Status.RESOLVED), "now": closed, "promised_at": None} | what
    return a_telling(occasion=Occasion.RESOLVED, closed_at=closed, **told)


def a_holding(**what: Any) -> Telling:
    """Half an hour later, and nobody said anything new."""
    told = {"promised_at": OPENED + timedelta(minutes=60), "news_at": OPENED, "holdings": 1} | what
    return a_telling(occasion=Occasion.HOLDING, now=OPENED + timedelta(minutes=29), **told)


def a_correction(**what: Any) -> Telling:
    """A person had said that a certificate expired; it was a full disk."""
    told = {
        "stated": Facts(status=Status.IDENTIFIED, cause="A disk was full.", signed_by="Dana Roth, Acme"),
        "said": Facts(status=Status.IDENTIFIED, cause="A certificate expired."),
        "promised_at": OPENED + timedelta(minutes=70),
        "now": OPENED + timedelta(minutes=40),
    }
    return a_telling(occasion=Occasion.CORRECTION, **(told | what))


def a_withdrawal(**what: Any) -> Telling:
    """It never was; `withdrawn=False, closed_at=None`: only a notice is taken back."""
    now = OPENED + timedelta(minutes=9)
    told = {"closed_at": now, "withdrawn": True, "promised_at": None} | what
    return a_telling(occasion=Occasion.WITHDRAWN, now=now, **told)


def a_waking(**what: Any) -> Telling:
    told = {"now": OPENED + timedelta(hours=6), "promised_at": OPENED + timedelta(hours=7)} | what
    return a_telling(occasion=Occasion.WAKE, **told)


def every_occasion(**what: Any) -> list[Telling]:
    tellings = (a_telling, an_update, a_holding, the_end, a_correction, a_withdrawal, a_waking)
    return [a_kind(**what) for a_kind in tellings]


def inside(telling: Telling) -> Telling:
    return replace(telling, side=Side.INSIDE, subject_name="payments-db")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as one reader has it; `words` is the text part without its line breaks."""

    subject: str
    text: str
    html: str

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def compose(telling: Telling, voice: Voice = Voice.CUSTOMER, told: bool = True, zone: str = "Europe/Berlin") -> Content:
    return COMPOSER.compose(telling, voice, "en", told, {7: zone})


def opened(content: Content) -> Mail:
    """What the reader in zone 7 sees. Raises KeyError if a slot has no value."""
    values = values_for(content, 7, {"accounts": "Initech, Hooli", "unsubscribe": "https://acme.example/u/T?a=1&b=2"})
    return Mail(content.subject, Words(content.text).fill(values), Words(content.html).fill(escaped(values)))


def read(telling: Telling, voice: Voice = Voice.CUSTOMER, told: bool = True, zone: str = "Europe/Berlin") -> Mail:
    return opened(compose(telling, voice, told, zone))
