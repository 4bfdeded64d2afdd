"""What a reader finds in a notice, and what never gets there."""

from datetime import timedelta
from pathlib import Path

import pytest

from forewarn.outage import Facts, ReaderAction, Status

from .tellings import OPENED, a_telling, an_update, compose, every_occasion, read, the_end

GOLDEN = Path(__file__).with_name("golden_first.txt")


def test_the_first_notice_is_the_golden_one() -> None:
    mail = read(a_telling(), told=False)

    assert mail.subject == "Acme Proactive Notification: card payments"
    assert mail.text == GOLDEN.read_text()


def test_a_first_notice_says_symptom_moment_promise_apology_and_signature() -> None:
    said = read(a_telling(), told=False).words

    assert (
        "Some of you cannot pay by card right now. We noticed at 14:02 CET (UTC+1) and are looking into it. "
        "We are sorry for the trouble. You will hear from us again by 14:32 CET, sooner if we know more. "
        "— Dana Roth, Acme Follow along: https://status.acme.example"
    ) in said


def test_an_update_says_what_persons_stated_and_when_the_next_one_comes() -> None:
    stated = Facts(
        status=Status.IDENTIFIED,
        cause="A certificate expired.",
        action="We renew it.",
        workaround="Bank transfer works.",
        expected_end=OPENED + timedelta(minutes=90),
        reader_action=ReaderAction("Send failed orders again.", OPENED + timedelta(days=1), "https://acme.example/how"),
        note="I will write again soon.",
    )

    said = read(an_update(stated=stated)).words

    assert said.startswith("We have found the cause of the trouble with card payments.")
    for words in (
        "Cause: A certificate expired.",
        "What we are doing: We renew it.",
        "What you can do meanwhile: Bank transfer works.",
        "Expected end: 15:32 CET",
        "Please do this by Wednesday 25 November, 14:02 CET Send failed orders again.",
        "This is how: https://acme.example/how — The Acme status team",
        "by 14:32 CET, sooner if we know more. I will write again soon. Please do this by Wednesday",
    ):
        assert words in said


def test_whoever_was_not_told_reads_first_words_with_the_newest_facts() -> None:
    said = read(an_update(stated=Facts(status=Status.IDENTIFIED, cause="A certificate expired.")), told=False).words

    assert said.startswith(
        "Some of you cannot pay by card right now. We noticed at 14:02 CET (UTC+1) and know the cause."
    )
    assert "Cause: A certificate expired." in said


def test_the_last_notice_says_how_long_it_was_and_promises_nothing() -> None:
    said = read(the_end(promised_at=OPENED + timedelta(hours=3))).words

    assert said.startswith(
        "The trouble with card payments is over. We noticed it at 14:02 CET (UTC+1), "
        "and it was over at 15:10 CET, 1 hour 8 minutes later."
    )
    assert "You will hear from us" not in said
    assert "Next update" not in said


def test_whoever_hears_of_it_only_at_the_end_reads_the_whole_story_in_the_past() -> None:
    said = read(the_end(), told=False).words

    assert (
        "Between 14:02 CET (UTC+1) and 15:10 CET, this was the situation: > Some of you cannot pay by card right now."
        in said
    )
    assert "It lasted 1 hour 8 minutes." in said


@pytest.mark.parametrize("told", [True, False])
def test_the_subject_is_the_same_from_first_to_resolved(told: bool) -> None:
    subjects = {compose(telling, told=told).subject for telling in every_occasion()}

    assert subjects == {"Acme Proactive Notification: card payments"}
