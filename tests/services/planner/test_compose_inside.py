"""What colleagues find in a notice: what to say, and what lies behind it."""

import pytest

from forewarn.outage import Facts
from forewarn.subscriber import Voice

from .tellings import TOUCHED, a_telling, an_update, compose, inside, read


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
