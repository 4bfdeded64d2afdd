"""Every locale says everything, in its own language, and docs/texts.md shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, cycle
from typing import Any

import pytest

from forewarn.component import Impact, Touched
from forewarn.content import Words, values_for
from forewarn.contracts.policy import Company
from forewarn.notice import CHILDREN, Channel, Occasion
from forewarn.outage import Facts, Kind, NoticeClass, Severity, Status, Tasks
from forewarn.subscriber import VOICES, Side, Voice
from services.planner import texts_doc
from services.planner.moments import in_words
from services.planner.payload import words_of
from services.planner.samples import OPENED, STATED, ZONE, samples
from services.planner.telling import Customers, Named, Telling
from services.planner.templates import OCCASIONS, OF_WORK

from .tellings import COMPOSER, TOUCHED, every_occasion
from .works import HOUR, every_release, every_work

pytestmark = pytest.mark.xdist_group("texts")
"""All of them are read once, by one worker."""

ENGLISH = {
    *("the", "and", "or", "of", "to", "at", "by", "on", "for", "from", "with", "by", "it", "this", "that", "these"),
    *("we", "our", "you", "your", "they", "who", "what", "when", "is", "are", "has", "have", "be", "been", "not", "no"),
    *("more", "now", "sorry", "trouble", "over", "since", "until", "between", "minute", "minutes", "hour", "hours"),
    *("first", "update", "news", "customers", "accounts", "somebody", "nobody", "told", "said", "mail", "mails"),
    *("cause", "severity", "components", "incident", "monitoring", "responders", "our", "service", "down", "degraded"),
    *("momentary", "minor", "major", "critical", "investigating", "identified", "resolved", "withdrawn", "scheduled"),
    *("verifying", "completed", "progress", "none", "november", "tuesday"),
    *("work", "planned", "window", "finished", "cancelled", "tentative", "major", "release", "benefit", "december"),
}
"""Words of English that are none of German."""
OURS = re.compile(r"forewarn incident \w+ (INC|MNT|ANN)-\d|\S+://\S+|\S+@\S+")
"""Commands and addresses, which are the same in every language."""
GERMAN = STATED["de"]
NAMES = {
    "card-api": Named("card-api", "Kartenzahlung", {"de": {"down": "Einige von Ihnen können nicht mit Karte zahlen."}}),
    "search-api": Named("search-api", "Suche", {}),
    "export-api": Named("export-api", "Ausfuhr", {}),
    "archive-api": Named("archive-api", "Archiv", {}),
}
MANY = tuple(Touched(key, impact, (key,)) for key in NAMES for impact in (Impact.DOWN, Impact.DEGRADED))
COMPANY = Company(name="Acme", signed_by="Dana Roth, Acme", status_page="https://status.acme.example")


@dataclass(frozen=True, slots=True)
class Read:
    telling: Telling
    voice: Voice
    text: str
    preheader: str


def in_german(telling: Telling) -> Iterator[Telling]:
    """The same, with little and with much stated, of one component and of many, by every status and severity."""
    much = Facts(cause=GERMAN["cause"], workaround=GERMAN["workaround"], expected_end=OPENED + timedelta(hours=9))
    plain = replace(telling, names=NAMES, company=COMPANY, observed=Facts())
    told = Facts(
        status=Status.RESOLVED,
        cause=GERMAN["wrong"],
        workaround=GERMAN["asked"],
        components={"card-api": Impact.DEGRADED},
    )
    for status, severity in zip(Status, cycle(Severity), strict=False):
        stated = replace(much, status=status, severity=severity, action=GERMAN["action"])
        yield replace(plain, stated=stated, said=told, touched=MANY, holdings=3, news_at=OPENED)
    yield replace(plain, stated=Facts(), said=None)
    yield replace(plain, stated=Facts(communicator="dana"), said=told, touched=MANY[:2])
    yield replace(plain, touched=(), subject_name="our service", observed=Facts(status=Status.MONITORING))
    yield replace(plain, touched=tuple(replace(t, impact=Impact.MOMENTARY) for t in TOUCHED), test=True)


def planned_in_german(telling: Telling) -> Iterator[Telling]:
    """The same of planned work and of releases, as they were and with their times and labels otherwise."""
    said = Facts(status=Status.CANCELLED, benefit=GERMAN["wrong"], whats_new=GERMAN["wrong"], version="4.1")
    told = Facts(benefit=GERMAN["action"], whats_new=GERMAN["cause"], version="4.2", notice_class=NoticeClass.MAJOR)
    plain = replace(telling, names=NAMES, company=COMPANY, stated=told, said=said, touched=MANY[:4])
    yield plain
    yield replace(plain, stated=Facts(), said=None, touched=MANY[2:6], promised_at=telling.now + timedelta(hours=1))
    yield replace(plain, stated=replace(told, whats_new=GERMAN["cause"] * 9, benefit=None), holdings=3, test=True)
    if telling.work is not None:
        labels: dict[str, Any] = {
            "tentative": True,
            "short_notice": True,
            "tasks": Tasks(2, 5),
            "was_end": telling.work.end - HOUR / 4,
        }
        yield replace(plain, work=replace(telling.work, **labels))
        yield replace(plain, work=replace(telling.work, late=True, end=telling.work.end + HOUR))
        yield replace(plain, work=replace(telling.work, status=Status.VERIFYING))


def sided(telling: Telling) -> Iterator[tuple[Telling, bool]]:
    """Outside and inside, told before and not; inside also while customers do not hear."""
    later = telling.now + timedelta(hours=1)
    for side in Side:
        yield replace(telling, side=side), True
        yield replace(telling, side=side), False
    for customers in Customers if telling.said is None else ():
        yield replace(telling, side=Side.INSIDE, customers=customers, held_until=later), False


def read_in_german() -> Iterator[Read]:
    """Whatever German readers may get by mail."""
    plans = (planned_in_german(each) for each in (*every_work(), *every_release()))
    for tellings in chain((in_german(occasion) for occasion in every_occasion()), plans):
        for telling, told in (each for said in tellings for each in sided(said)):
            for voice in VOICES[telling.side]:
                yield Read(telling, voice, *rendered(telling, voice, told))


def rendered(telling: Telling, voice: Voice, told: bool) -> tuple[str, str]:
    content = COMPOSER.compose(telling, voice, "de", told, {1: ZONE})
    values = values_for(content, 1, {"accounts": "Initech, Hooli", "unsubscribe": "https://acme.example/u/T"})
    return Words(content.text).fill(values), texts_doc.preheader(Words(content.html).fill(values))


@pytest.fixture(scope="module")
def german() -> list[Read]:
    return list(read_in_german())


def test_english_and_german_are_complete() -> None:
    assert COMPOSER.locales >= {"en", "de"} == STATED.keys()


@pytest.mark.slow
def test_no_german_text_holds_an_english_word(german: list[Read]) -> None:
    found = {
        (word, read.telling.occasion, read.voice)
        for read in german
        for word in re.findall(r"[\w-]+", OURS.sub("", f"{read.text} {read.preheader}").lower())
        if word in ENGLISH
    }

    assert found == set()


def test_a_webhooks_german_text_is_the_mails() -> None:
    telling = next(read.telling for read in read_in_german() if read.telling.side is Side.OUTSIDE)

    mail, webhook = (COMPOSER.compose(telling, Voice.CUSTOMER, "de", True, {1: ZONE}, channel) for channel in Channel)

    said = " ".join(words_of(webhook)[1].split())
    assert " ".join(mail.text.split()).startswith(said)


@pytest.mark.slow
def test_a_german_mail_fits_a_screen(german: list[Read]) -> None:
    """76 columns, and four more where a time of today is longer than is reckoned for one."""
    today = [read for read in german if read.telling.now - read.telling.opened_at < timedelta(hours=9)]

    assert max(len(line) for read in today for line in read.text.splitlines()) <= 80


@pytest.mark.slow
def test_every_german_notice_to_customers_asks_pardon_once(german: list[Read]) -> None:
    """Of planned work only where there is something to be sorry for, and then once."""
    outside = [read for read in german if read.telling.side is Side.OUTSIDE]

    assert {read.text.count("leid") for read in outside if read.telling.kind is Kind.INCIDENT} == {1}
    assert {read.text.count("leid") for read in outside if read.telling.kind is not Kind.INCIDENT} == {0, 1}


def test_german_times_are_read_as_germans_write_them() -> None:
    update, *_ = (s.telling for s in samples("de") if s.telling.occasion is Occasion.UPDATE)
    tomorrow = replace(update, now=OPENED + timedelta(days=1), promised_at=OPENED + timedelta(days=43))

    said = " ".join(rendered(tomorrow, Voice.CUSTOMER, True)[0].split())

    assert re.search(r"Erstmals bemerkt haben wir das am Dienstag, 24\. November, um 14:02 Uhr \w+ \(UTC\+1\)\.", said)
    assert re.search(r"Sie hören spätestens am Mittwoch, 6\. Januar 2027, um 14:02 Uhr \w+ wieder von uns", said)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "14:02 Uhr MEZ (UTC+1)"),
        ("Europe/Lisbon", "13:02 Uhr WEZ (UTC+0)"),
        ("Europe/Helsinki", "15:02 Uhr OEZ (UTC+2)"),
        ("Europe/London", "13:02 Uhr GMT (UTC+0)"),
        ("America/Sao_Paulo", "10:02 Uhr (UTC-3)"),
    ],
)
def test_a_zone_bears_the_name_that_germans_have_for_it(zone: str, said: str) -> None:
    first = next(samples("de")).telling

    assert f"um {said}" in COMPOSER.compose(first, Voice.CUSTOMER, "de", False, {1: zone}).times[1]


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 Minute"), (68, "1 Stunde 8 Minuten"), (2 * 1440 + 60, "2 Tage 1 Stunde")]
)
def test_german_durations_are_said_in_words(minutes: int, words: str) -> None:
    assert in_words(OPENED, OPENED + timedelta(minutes=minutes), "de") == words


def test_the_page_of_texts_shows_every_occasion_and_voice_in_every_locale() -> None:
    for locale in COMPOSER.locales:
        shown = list(samples(locale))
        assert {sample.telling.occasion for sample in shown} >= {*OCCASIONS, *OF_WORK}
        assert {sample.telling.kind for sample in shown} == {*Kind}
        assert {sample.telling.occasion for sample in shown} & CHILDREN
        assert {sample.voice for sample in shown} == {voice for voices in VOICES.values() for voice in voices}


def test_a_preheader_begins_as_its_mail_does() -> None:
    for sample in samples("de"):
        _, preheader, text = texts_doc.read(COMPOSER, sample, "de")

        assert " ".join(text.partition("\n\n")[0].split()) in preheader


def test_the_page_of_texts_is_up_to_date() -> None:
    assert texts_doc.PAGE.read_text(encoding="utf-8") == texts_doc.page(COMPOSER), "run `make texts`"
