"""What colleagues find in a notice of planned work or of a release: what to say, and what lies behind it."""

from dataclasses import replace

import pytest

from forewarn.notice import Occasion
from forewarn.outage import Facts, NoticeClass, Tasks
from forewarn.subscriber import VOICES, Side, Voice
from services.planner.telling import Customers

from .tellings import compose, inside, read
from .works import (
    GOING,
    HOUR,
    MINUTE,
    START,
    WINDOW,
    a_delay,
    a_finish,
    a_release,
    a_silence,
    a_work,
    a_wrong_work,
    an_overrun,
    every_release,
    every_work,
    no_work,
    under_way,
)

INSIDE = VOICES[Side.INSIDE]


def test_support_reads_what_to_say_of_planned_work_and_what_lies_behind_it() -> None:
    mail = read(inside(a_work(stated=Facts(changes_requested_by=("Kim Lee",)))), Voice.SUPPORT)

    assert mail.words.startswith("MNT-3: work on payments-db and 1 more on Monday 14 December from 21:00 to 23:00 CET")
    for words in (
        "Say this to callers > We will work on card payments on Monday 14 December",
        "Window: on Monday 14 December from 21:00 to 23:00 CET, 2 hours",
        "Class of notice: standard Asked for by: Kim Lee Reported by: a person",
        "Expected impact - payments-db: down",
    ):
        assert words in mail.words


@pytest.mark.parametrize("voice", INSIDE)
def test_colleagues_read_that_short_notice_is_a_breach_and_of_which_class(voice: Voice) -> None:
    major = Facts(notice_class=NoticeClass.MAJOR)
    breach = "Class of notice: major Short notice: told later than its class asks, which counts as a breach"

    assert breach in read(inside(a_work(short_notice=True, stated=major)), voice).words
    assert "a breach" not in read(inside(a_work(stated=major)), voice).words
    assert "due before; Forewarn stood still then" in read(inside(a_work(late=True)), voice).words


@pytest.mark.parametrize("voice", INSIDE)
def test_t8_colleagues_read_that_only_accounts_with_their_own_minimum_are_told_late(voice: Voice) -> None:
    own = inside(a_work(short_notice=True, minimums=("20bd", "8w")))
    breach = "Short notice: only for accounts with a minimum notice of 20 business days or 8 weeks, which counts as"

    assert f"{breach} a breach; all others hear in time" in read(own, voice).words
    assert "than its class asks" not in read(own, voice).words
    assert read(own, voice).words.startswith("MNT-3: work on payments-db")


@pytest.mark.parametrize("voice", INSIDE)
def test_t8_colleagues_read_that_a_reminder_in_time_goes_only_to_accounts_with_their_own_minimum(voice: Voice) -> None:
    own = inside(a_work(minimums=("1y",)))

    assert "only accounts with a minimum notice of 1 year; all others hear later" in read(own, voice).words
    assert "minimum notice" not in read(inside(a_work()), voice).words
    held = replace(own, customers=Customers.PERSON)
    assert "hear later" not in read(held, voice).words


def test_m3_whoever_answers_customers_reads_which_of_them_have_been_told() -> None:
    own = inside(a_work(short_notice=True, minimums=("4w",)))

    support, team = (read(own, voice).words for voice in (Voice.SUPPORT, Voice.ACCOUNT_TEAM))

    told = "Only customers with a minimum notice of 4 weeks are told now; all others hear later."
    assert f"Say this to callers {told} > " in support
    assert "What accounts with a minimum notice of 4 weeks read now; all others hear later > " in team
    assert "What they read" not in team


def test_colleagues_read_at_a_glance_where_planned_work_stands() -> None:
    longer = an_overrun(end=WINDOW.end + HOUR / 2)
    first_lines = [
        (a_work(tentative=True), "MNT-3, tentative: work on payments-db and 1 more on Monday 14 December from"),
        (under_way(), "MNT-3: work on payments-db and 1 more is under way, expected to end at 23:00 CET (UTC+1)."),
        (a_work(now=START + MINUTE), "MNT-3: work on payments-db and 1 more should have begun, nobody has said so;"),
        (an_overrun(), "MNT-3: work on payments-db and 1 more is not finished, it was to end at 23:00 CET (UTC+1)."),
        (longer, "MNT-3: work on payments-db and 1 more takes longer, expected to end at 23:30 CET"),
        (a_delay(), "MNT-3, moved: work on payments-db and 1 more on Tuesday 15 December from 21:00"),
        (a_finish(), "MNT-3 is finished: work on payments-db and 1 more."),
        (a_wrong_work(), "MNT-3, corrected: work on payments-db and 1 more on Monday 14 December"),
        (no_work(), "MNT-3 is withdrawn: it was announced in error."),
    ]

    for telling, words in first_lines:
        for voice in INSIDE:
            assert read(inside(telling), voice).words.startswith(words)


def test_colleagues_read_how_far_it_is_and_what_was_told_before() -> None:
    assert "Steps done: 3 of 8" in read(inside(under_way(tasks=Tasks(3, 8))), Voice.INTERNAL).words
    moved = read(inside(a_delay()), Voice.INTERNAL).words
    assert "Told before: on Monday 14 December from 21:00 to 23:00 CET" in moved
    silent = read(inside(a_silence(holdings=2)), Voice.INTERNAL).words
    assert "There has been no news since 23:00 CET; this is holding notice 2 in a row." in silent


@pytest.mark.parametrize("voice", INSIDE)
def test_colleagues_are_not_told_of_planned_work_as_of_trouble(voice: Voice) -> None:
    for telling in (*every_work(), *every_release()):
        for told in (True, False):
            said = read(inside(telling), voice, told=told).words.lower()
            assert not any(words in said for words in ("we noticed", "trouble", "severity", "told of incidents"))


@pytest.mark.parametrize("customers", [c for c in Customers if c is not Customers.HEAR])
def test_nothing_of_planned_work_is_said_to_be_told_to_customers_who_do_not_hear(customers: Customers) -> None:
    for telling in (*every_work(customers=customers), *every_release(customers=customers)):
        for voice in INSIDE:
            for told in (True, False):
                said = read(inside(telling), voice, told=told).words
                assert "to customers" not in said
                assert "hear from us" not in said
                assert "Say this to callers" not in said


def test_a_machines_words_of_planned_work_are_marked_as_its_own_inside() -> None:
    observed = Facts(benefit="faster disks", cause="EOL of SKU 77")

    said = read(inside(a_work(stated=Facts(), observed=observed, by_person=False)), Voice.INTERNAL).words

    assert "In the words of its source EOL of SKU 77 faster disks" in said
    assert "Status: scheduled, as its source says" in said
    assert "Reported by: a program" in said


def test_inside_subjects_of_planned_work_are_as_those_of_incidents() -> None:
    assert compose(inside(a_work()), Voice.SUPPORT, told=False).subject == "MNT-3 -- payments-db"
    assert compose(inside(under_way(status=GOING)), Voice.SUPPORT).subject == "MNT-3 Status"
    assert compose(inside(a_release()), Voice.SUPPORT, told=False).subject == "ANN-2 -- payments-db"


def test_support_reads_of_a_release_what_to_say_to_callers() -> None:
    said = read(inside(a_release(occasion=Occasion.FIRST)), Voice.SUPPORT, told=False).words

    assert said.startswith("ANN-2: Release 4.2. Say this to callers > You can now pay by bank transfer, too.")
    assert ": down" not in said
