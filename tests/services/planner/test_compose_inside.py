"""What colleagues find in a notice: what to say, and what lies behind it."""

from datetime import timedelta

import pytest

from forewarn.outage import Facts
from forewarn.subscriber import VOICES, Side, Voice
from services.planner.telling import Customers

from .tellings import (
    OPENED,
    TOUCHED,
    a_correction,
    a_holding,
    a_telling,
    a_waking,
    a_withdrawal,
    an_update,
    compose,
    every_occasion,
    inside,
    read,
    the_end,
)

INSIDE = VOICES[Side.INSIDE]
UNHEARD = [c for c in Customers if c is not Customers.HEAR]
RELEASE = "forewarn incident release INC-7"


def test_a_machines_prose_is_marked_as_its_own_inside() -> None:
    said = read(inside(a_telling()), Voice.INTERNAL).words

    assert "Monitoring's own words 5xx on /charge" in said


def test_the_quoted_customers_words_name_no_component_by_its_key() -> None:
    hidden = inside(a_telling(touched=TOUCHED[:1]))

    quoted = [line for line in read(hidden, Voice.SUPPORT).text.splitlines() if line.startswith(">")]

    assert quoted
    assert not any("payments-db" in line for line in quoted)


def test_support_reads_what_to_say_and_what_lies_behind_it() -> None:
    mail = read(inside(a_telling()), Voice.SUPPORT)

    assert mail.subject == "INC-7 -- payments-db"
    assert "Say this to callers\n\n> Some of you cannot pay by card right now.\n>\n> We noticed at 14:02" in mail.text
    for words in (
        "Severity: critical",
        "card-api: down (payments-db → card-api)",
        "Next update to customers: by 14:32 CET",
    ):
        assert words in mail.words


def test_an_account_team_reads_which_of_its_accounts_are_touched() -> None:
    said = read(inside(an_update()), Voice.ACCOUNT_TEAM).words

    assert "Your accounts that this touches: Initech, Hooli" in said
    assert "What they read > We are still looking into the trouble with card payments." in said


def test_colleagues_read_who_communicates() -> None:
    assert "Who communicates: nobody is named yet" in read(inside(a_telling()), Voice.INTERNAL).words
    assert "Who communicates: dana" in read(inside(a_telling(stated=Facts(communicator="dana"))), Voice.INTERNAL).words


def test_a_voice_of_the_other_side_is_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        compose(a_telling(), Voice.SUPPORT)


@pytest.mark.parametrize("voice", INSIDE)
@pytest.mark.parametrize(
    ("customers", "words"),
    [
        (
            Customers.AFTER,
            "Customers are told at 14:05 CET (UTC+1) unless somebody dismisses it. "
            f"- To dismiss it: forewarn incident dismiss INC-7 - To tell them now: {RELEASE}",
        ),
        (Customers.PERSON, f"Customers are not told yet: a person must release it. - To tell them: {RELEASE}"),
        (Customers.STORM, f"so many of them would hear of it that a person must release it. - To tell them: {RELEASE}"),
        (Customers.DISMISSED, "Customers are not told: somebody dismissed it."),
        (Customers.CALM, "Customers are not told: it was over by itself before they heard of it."),
        (Customers.NOBODY, "No customer is told of this: no component that we know is touched."),
    ],
)
def test_colleagues_read_what_customers_hear_and_how_to_change_it(
    voice: Voice, customers: Customers, words: str
) -> None:
    held = inside(a_telling(customers=customers, held_until=OPENED + timedelta(minutes=3)))

    assert words in read(held, voice, told=False).words


@pytest.mark.parametrize("customers", UNHEARD)
def test_nothing_is_said_to_be_told_to_customers_who_do_not_hear(customers: Customers) -> None:
    for telling in every_occasion(customers=customers):
        for voice in INSIDE:
            for told in (True, False):
                said = read(inside(telling), voice, told=told).words
                assert "Next update to customers" not in said
                assert "Say this to callers" not in said
                assert "What they read" not in said
                assert "hear from us again" not in said
                assert "to customers" not in said


@pytest.mark.parametrize("customers", UNHEARD)
def test_support_has_words_for_whoever_calls_before_they_are_told(customers: Customers) -> None:
    said = read(inside(a_holding(customers=customers)), Voice.SUPPORT).words

    heading = "Customers have not been told. If somebody calls: > Some of you cannot pay by card right now."
    assert (heading in said) is (customers is not Customers.NOBODY)


@pytest.mark.parametrize("voice", INSIDE)
def test_a_withdrawn_outage_is_told_inside_as_one_that_never_was(voice: Voice) -> None:
    for customers in Customers:
        mail = read(inside(a_withdrawal(customers=customers)), voice)
        assert mail.words.startswith("INC-7 is withdrawn: it was a false alarm.")
        assert "Status: withdrawn, stated by a person" in mail.words
        assert not any(words in mail.words for words in ("is resolved", "is over", "cannot pay", ": down", RELEASE))
    assert "> We wrote to you about card payments in error." in read(inside(a_withdrawal()), Voice.SUPPORT).words


def test_a_correction_reaches_colleagues_in_full_even_where_customers_hear_nothing() -> None:
    silent = inside(a_correction(customers=Customers.PERSON))

    for telling, voice in ((silent, Voice.SUPPORT), (silent, Voice.ACCOUNT_TEAM), (inside(a_correction()), "internal")):
        said = read(telling, Voice(voice)).words
        assert said.startswith("INC-7, critical, corrected, cause known: payments-db is down")
        assert said.count("We said: A certificate expired. Corrected: A disk was full.") == 1


def test_an_internal_holding_notice_says_how_to_tell_news() -> None:
    said = read(inside(a_holding(holdings=2)), Voice.INTERNAL).words

    assert "There has been no news since 14:02 CET; this is holding notice 2 in a row." in said
    assert "Whoever has news: forewarn incident update INC-7" in said


def test_callers_are_not_told_of_a_colleagues_own_quiet_hours() -> None:
    quoted = [line for line in read(inside(a_waking()), Voice.SUPPORT).text.splitlines() if line.startswith(">")]

    assert quoted
    assert not any("quiet" in line for line in quoted)


def test_whoever_calls_about_what_is_over_was_not_told_late() -> None:
    assert "only now" not in read(inside(the_end(customers=Customers.CALM)), Voice.SUPPORT).words
