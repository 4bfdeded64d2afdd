"""What was wrong is taken back plainly: what we said, what is so, where it stands now (T17)."""

from datetime import timedelta
from typing import Any

import pytest

from forewarn.component import Impact, Touched
from forewarn.outage import Facts, ReaderAction, Status
from services.planner.compose import Named

from .tellings import CARDS, DATABASE, OPENED, TOUCHED, a_correction, a_withdrawal, every_occasion, read

AN_HOUR = OPENED + timedelta(hours=1)
TWO_HOURS = OPENED + timedelta(hours=2)
SEARCH = Named("search-api", "search", {})
NAMES = {named.key: named for named in (CARDS, DATABASE, SEARCH)}
ASKED = ReaderAction("Send failed orders again.")


def test_a_correction_says_what_we_said_and_what_is_so() -> None:
    said = read(a_correction()).words

    assert said.startswith(
        "We have to correct what we told you about card payments. We are sorry: some of what we told you was wrong. "
        "Cause We said: A certificate expired. Corrected: A disk was full. "
        "Where it stands now We have found the cause of the trouble with card payments. "
        "Some of you cannot pay by card right now. You will hear from us again by 15:12 CET (UTC+1)"
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"cause": "x"}, {}, "Cause We said: x That was wrong; we do not know it yet."),
        ({"symptoms": "x"}, {"symptoms": "y"}, "What you may notice We said: x Corrected: y Where"),
        ({"symptoms": "x"}, {}, "What you may notice We said: x That was wrong."),
        ({"action": "x"}, {"action": "y"}, "What we are doing We said: x Corrected: y Where"),
        ({"workaround": "x"}, {}, "We said: x That was wrong; we know of none yet."),
        (
            {"expected_end": AN_HOUR},
            {"expected_end": TWO_HOURS},
            "Expected end We said: 15:02 CET (UTC+1) Corrected: 16:02 CET",
        ),
        (
            {"expected_end": AN_HOUR},
            {"expected_end": OPENED},
            "Expected end We said: 15:02 CET (UTC+1) That was wrong; we do not know it yet.",
        ),
        ({"next_update_at": AN_HOUR}, {}, "Next update We said: 15:02 CET (UTC+1) Corrected: 15:12 CET"),
        ({"reader_action": ASKED}, {}, "We asked: Send failed orders again. That was wrong. You need not do it."),
        (
            {"reader_action": ASKED},
            {"reader_action": ReaderAction("Keep them.", TWO_HOURS)},
            "We asked: Send failed orders again. That was wrong. Please do this by 16:02 CET (UTC+1) Keep them. Where",
        ),
        (
            {"status": Status.IDENTIFIED},
            {"status": Status.INVESTIGATING},
            "We told you that we had found the cause. We have not found it yet.",
        ),
    ],
)
def test_each_fact_is_corrected_in_its_own_words(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    assert words in read(a_correction(said=Facts(**before), stated=Facts(**after))).words


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.COMPLETED])
def test_an_end_that_was_none_is_the_headline(status: Status) -> None:
    said = read(a_correction(said=Facts(status=status), stated=Facts(status=Status.INVESTIGATING))).words

    assert said.startswith("We told you that the trouble with card payments was over. It is not. We are sorry")


def test_progress_is_no_mistake() -> None:
    said = read(a_correction(said=Facts(status=Status.INVESTIGATING, cause="x"))).words

    assert "We told you that" not in said
    assert "We have found the cause" in said


def test_what_was_not_said_before_is_no_mistake() -> None:
    said = read(a_correction(said=Facts(cause="A disk was full."))).words

    assert "We said" not in said
    assert "Cause: A disk was full." in said


def test_without_what_was_said_the_facts_stand_as_they_are() -> None:
    said = read(a_correction(said=None)).words

    assert "some of what we told you was wrong. Where it stands now We have found the cause" in said
    assert "Cause: A disk was full." in said


def test_a_component_that_is_not_touched_is_said_not_to_be() -> None:
    search = (Touched("search-api", Impact.DEGRADED, ("search-api",)),)
    cards = Facts(components={"card-api": Impact.DOWN})

    said = read(a_correction(said=cards, stated=Facts(), touched=search, names=NAMES)).words

    assert "As far as we know, the trouble does not affect card payments." in said
    assert "We are still looking into the trouble with search." in said
    assert "cannot pay" not in said


def test_what_was_named_by_way_of_a_component_without_a_name_is_said_not_to_be_touched() -> None:
    database = Facts(components={"payments-db": Impact.DOWN})

    mail = read(a_correction(said=database, stated=Facts(), touched=()))

    assert "does not affect card payments." in mail.words
    assert "trouble with our service" in mail.words
    assert "payments-db" not in mail.text + mail.html


def test_an_impact_told_wrongly_is_corrected_in_prepared_words() -> None:
    said = read(a_correction(said=Facts(components={"card-api": Impact.DEGRADED}), stated=Facts())).words

    assert (
        "We said: Some of you may have trouble with card payments right now. "
        "Corrected: Some of you cannot pay by card right now."
    ) in said
    assert said.count("cannot pay by card") == 1


def test_a_correction_of_what_is_over_promises_nothing() -> None:
    said = read(a_correction(closed_at=OPENED, stated=Facts(status=Status.RESOLVED, cause="A disk was full."))).words

    assert "Where it stands now The trouble with card payments is over." in said
    assert "You will hear from us" not in said
    assert "Next update" not in said


def test_who_was_not_told_of_what_was_wrong_reads_first_words() -> None:
    still = a_withdrawal(withdrawn=False, closed_at=None)

    for telling in (a_correction(), still):
        assert read(telling, told=False).words.startswith("Some of you cannot pay by card right now. We noticed")


def test_a_withdrawn_outage_never_was() -> None:
    said = read(a_withdrawal(stated=Facts(note="A drill looked real.", signed_by="Dana Roth, Acme"))).words

    assert said.startswith(
        "We wrote to you about card payments in error. It was a false alarm. "
        "As far as we know, nothing is wrong with card payments. You need not do anything. "
        "We are sorry that we alarmed you. A drill looked real. — Dana Roth, Acme"
    )


@pytest.mark.parametrize("told", [True, False])
def test_nothing_of_a_withdrawn_outage_is_told_as_though_it_had_been(told: bool) -> None:
    stated = Facts(status=Status.RESOLVED, cause="A disk was full.", workaround="Wait.", reader_action=ASKED)

    said = read(a_withdrawal(stated=stated), told=told).words

    for words in ("is over", "resolved", "disk", "Wait.", "Send failed", "cannot pay", "hear from us", "looking into"):
        assert words not in said


def test_a_notice_taken_back_leaves_standing_what_stands() -> None:
    said = read(a_withdrawal(withdrawn=False, closed_at=None, promised_at=AN_HOUR)).words

    assert said.startswith(
        "We have to take back a notice that we sent you about card payments. It was wrong, and we are sorry. "
        "Please disregard it. Where it stands now We are still looking into the trouble with card payments. "
        "Some of you cannot pay by card right now. You will hear from us again by 15:02 CET (UTC+1)"
    )


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("touched", [TOUCHED, ()])
def test_every_notice_apologises_exactly_once(told: bool, touched: tuple[Touched, ...]) -> None:
    partly = {"withdrawn": False, "closed_at": None, "touched": touched}
    tellings = [*every_occasion(touched=touched), a_withdrawal(**partly), a_correction(said=None, touched=touched)]

    for telling in tellings:
        assert read(telling, told=told).words.count("sorry") == 1, telling.occasion
