"""Whatever is stated, and wherever it is read: every variant renders, safely and in full."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from forewarn.component import Impact, Touched
from forewarn.content import CLOSING, OPENING
from forewarn.outage import Facts, ReaderAction, Severity, Status, Tasks, Window
from forewarn.subscriber import VOICES, Side
from services.planner.blocks import BREAK, GUARD
from services.planner.compose import Named, Telling, subject_name
from services.planner.telling import Customers, PlannedWork
from services.planner.templates import TELLABLE, TELLABLE_OF_WORK

from .tellings import a_telling, compose, opened

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td"),
    *("p", "h1", "h2", "ul", "li", "blockquote", "span", "a", "br"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "style", "role", "width", "cellpadding", "cellspacing", "border"),
    *("class", "align", "href"),
}
HOSTILE = some.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=y>',
        "javascript:alert(1)",
        "https://x.example/'onclick=x <b>",
        "{{ 7*7 }}{% raw %}",
        f"{OPENING}t0{CLOSING}{BREAK}{GUARD}",
        "a\r\nBcc: x@y.example",
        "## x\n\n> y\n[z] w",
        "]]>--><!--",
        "\u202egnp.exe\u2028",
    ]
)
TEXTS = some.text(max_size=60) | HOSTILE | some.builds(str.__add__, HOSTILE, some.text(max_size=20))
MOMENTS = some.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
WINDOWS = some.tuples(MOMENTS, MOMENTS).filter(lambda two: two[0] < two[1]).map(lambda two: Window(*two))
KEYS = some.sampled_from(["a", "b", "c", "<i>"])
FACTS = some.builds(
    Facts,
    status=some.sampled_from([None, *Status]),
    severity=some.sampled_from([None, *Severity]),
    unknown_components=some.lists(TEXTS, max_size=2).map(tuple),
    expected_end=some.none() | MOMENTS,
    components=some.dictionaries(KEYS, some.sampled_from([*Impact]), max_size=3),
    next_update_at=some.none() | MOMENTS,
    communicator=some.none() | TEXTS,
    responders=some.lists(TEXTS, max_size=2).map(tuple),
    reader_action=some.none() | some.builds(ReaderAction, TEXTS, some.none() | MOMENTS, some.none() | TEXTS),
    **{name: some.none() | TEXTS for name in ("symptoms", "cause", "action", "workaround", "note", "signed_by")},
    **{name: some.none() | TEXTS for name in ("benefit", "whats_new", "version")},
    window=some.none() | WINDOWS,
)
NAMES = some.dictionaries(
    KEYS,
    some.builds(
        Named,
        KEYS,
        some.none() | TEXTS,
        some.dictionaries(
            some.sampled_from(["en", "de"]), some.dictionaries(some.sampled_from([*Impact]), TEXTS, max_size=2)
        ),
    ),
)
TELLINGS = some.builds(
    a_telling,
    occasion=some.sampled_from(TELLABLE),
    withdrawn=some.booleans(),
    said=some.none() | FACTS,
    news_at=some.none() | MOMENTS,
    holdings=some.integers(0, 5),
    customers=some.sampled_from([*Customers]),
    held_until=some.none() | MOMENTS,
    stated=FACTS,
    observed=FACTS,
    touched=some.lists(
        some.builds(Touched, KEYS, some.sampled_from([*Impact][1:]), some.just(("r", "a"))), max_size=4
    ).map(tuple),
    names=NAMES,
    opened_at=MOMENTS,
    closed_at=some.none() | MOMENTS,
    promised_at=some.none() | MOMENTS,
    now=MOMENTS,
    subject_name=TEXTS,
    test=some.booleans(),
)
WORKS = some.builds(
    PlannedWork,
    window=WINDOWS,
    end=MOMENTS,
    status=some.sampled_from([*Status]),
    tentative=some.booleans(),
    short_notice=some.booleans(),
    late=some.booleans(),
    was=some.none() | WINDOWS,
    was_end=some.none() | MOMENTS,
    tasks=some.none() | some.builds(Tasks, some.integers(0, 9), some.integers(1, 9)),
)
PLANS = some.builds(
    replace, TELLINGS, work=WORKS, occasion=some.sampled_from(TELLABLE_OF_WORK), outage=some.just("MNT-1")
)
RELEASES = some.builds(replace, TELLINGS, outage=some.just("ANN-1"))
ZONES = some.sampled_from(sorted(available_timezones()))


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name == "href"}


@settings(max_examples=30, deadline=None)
@given(TELLINGS | PLANS | RELEASES, ZONES, some.booleans())
def test_any_facts_render_without_open_slots_and_without_injected_html(telling: Telling, zone: str, told: bool) -> None:
    for side, voices in VOICES.items():
        for voice in voices:
            mail = opened(compose(replace(telling, side=side), voice, told, zone))

            assert not any(mark in mail.text + mail.html + mail.subject for mark in (OPENING, CLOSING, BREAK, GUARD))
            assert "\n" not in mail.subject and len(mail.subject) <= 60
            seen = Seen()
            seen.feed(mail.html)
            assert seen.tags <= TAGS
            assert seen.attributes <= ATTRIBUTES
            assert all(link.startswith(("https://", "http://", "mailto:")) for link in seen.links)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(TELLINGS | PLANS, FACTS, some.booleans())
def test_what_machines_observed_changes_no_word_of_a_customers_notice(
    telling: Telling, other: Facts, told: bool
) -> None:
    """But for the calm that monitoring saw, which is prepared words too (M12)."""
    other = replace(other, status=telling.observed.status)

    for customers in Customers:
        mail = compose(replace(telling, observed=other, customers=customers), told=told)
        assert mail == compose(telling, told=told)


@settings(max_examples=30, deadline=None)
@given(some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC)), ZONES)  # noqa: DTZ001
def test_every_time_carries_the_readers_zone(moment: datetime, zone: str) -> None:
    telling = a_telling(opened_at=moment, now=moment, promised_at=moment + timedelta(minutes=30))
    content = compose(telling, zone=zone)

    local = moment.astimezone(ZoneInfo(zone))
    name = local.tzname() or ""
    assert all(name in words if name.isalpha() else "(UTC" in words for words in content.times[7])
    assert local.strftime("%H:%M") in content.times[7][0]
    assert "(UTC" in content.times[7][0] or name == "UTC"


@given(some.lists(some.builds(Touched, KEYS, some.sampled_from([*Impact][1:]), some.just(("a",))), max_size=4), NAMES)
def test_a_name_for_the_subject_is_always_found(touched: list[Touched], names: dict[str, Named]) -> None:
    assert subject_name(Side.OUTSIDE, touched, names).strip()
    assert subject_name(Side.INSIDE, touched, names).strip()
