"""A holding notice says only what is recorded, and when the next update comes (T13)."""

import pytest

from forewarn.notice import Occasion
from forewarn.outage import Facts, Status

from .tellings import OPENED, a_holding, a_waking, read, the_end


def test_without_news_it_says_since_when_and_what_to_expect() -> None:
    said = read(a_holding()).words

    assert said.startswith(
        "The trouble with card payments is not over yet. We have had no news since 14:02 CET (UTC+1). "
        "We are sorry that it takes so long. You will hear from us again by 15:02 CET, sooner if we know more. "
        "— Dana Roth, Acme Follow along: https://status.acme.example"
    )


def test_engineers_are_said_to_work_on_it_only_if_a_person_named_them() -> None:
    words = "Our engineers are working on it."
    named_by_a_machine = Facts(responders=("on-call",), communicator="on-call")

    assert words in read(a_holding(stated=Facts(responders=("dana",)))).words
    assert words not in read(a_holding(stated=Facts(communicator="dana"))).words
    assert "One of us is looking after it." in read(a_holding(stated=Facts(communicator="dana"))).words
    silent = read(a_holding(observed=named_by_a_machine)).words
    assert words not in silent
    assert "One of us" not in silent


@pytest.mark.parametrize("many", [3, 4])
def test_the_third_in_a_row_says_plainly_since_when_there_is_no_news(many: int) -> None:
    said = read(a_holding(holdings=many)).words

    assert said.startswith(
        "The trouble with card payments is not over. There has been no news since 14:02 CET (UTC+1). "
        "We know that this is not good enough, and we are sorry."
    )


def test_it_repeats_no_note_and_no_old_story() -> None:
    stated = Facts(cause="A certificate expired.", action="We renew it.", note="Sorry, all.", workaround="Pay by bank.")

    said = read(a_holding(stated=stated)).words

    assert "Pay by bank." in said
    assert not any(words in said for words in ("certificate", "renew", "Sorry, all."))


@pytest.mark.parametrize("holdings", [1, 3])
def test_a_calm_is_not_said_to_be_trouble(holdings: int) -> None:
    said = read(a_holding(holdings=holdings, stated=Facts(status=Status.MONITORING))).words

    assert said.startswith("The trouble with card payments seems to be over.")
    assert "We keep watching before we call it over." in said
    assert "not over" not in said
    assert "good enough" not in said


def test_whoever_was_not_told_reads_first_words() -> None:
    assert read(a_holding(), told=False).words.startswith("Some of you cannot pay by card right now. We noticed")


def test_without_a_promise_it_names_no_time_but_the_page() -> None:
    said = read(a_holding(promised_at=None)).words

    assert "You will hear from us again as soon as we know more." in said
    assert "Follow along: https://status.acme.example" in said


def test_sleepers_read_where_it_stands_and_why_only_now() -> None:
    why = "You asked for quiet hours, so this comes only now."

    assert read(a_waking()).words.startswith(f"We are still looking into the trouble with card payments. {why}")
    assert read(a_waking(), told=False).words.startswith(f"Some of you cannot pay by card right now. {why}")
    for told in (True, False):
        over = read(a_waking(closed_at=OPENED, stated=Facts(status=Status.RESOLVED)), told=told).words
        assert over.startswith(f"The trouble with card payments is over. {why}")
        assert over.count("only now") == 1
        gone = read(a_waking(closed_at=OPENED, withdrawn=True), told=told).words
        assert "nothing is wrong with card payments" in gone
    assert the_end().occasion is Occasion.RESOLVED
    assert why not in read(the_end(), told=False).words
