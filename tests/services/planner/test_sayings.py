"""Outside only prepared words and what persons stated, and no claim beyond the record."""

from typing import Any

import pytest

from forewarn.component import Impact, Touched
from forewarn.outage import Facts, Severity, Status
from services.planner.compose import Named

from .tellings import OPENED, TOUCHED, a_telling, an_update, every_occasion, read

MONITORED_CALM = Facts(severity=Severity.CRITICAL, status=Status.MONITORING)


def test_a_machines_prose_never_reaches_a_customer() -> None:
    prose: dict[str, Any] = dict.fromkeys(
        ("symptoms", "cause", "action", "workaround", "note", "signed_by"), "kernel panic"
    )
    observed = Facts(
        status=Status.IDENTIFIED, unknown_components=("kernel panic",), communicator="kernel panic", **prose
    )

    for telling in every_occasion(observed=observed):
        for told in (True, False):
            mail = read(telling, told=told)
            assert "kernel panic" not in mail.subject + mail.text + mail.html


def test_a_component_without_a_public_name_is_never_named_outside() -> None:
    for telling in every_occasion():
        mail = read(telling, told=False)
        assert "payments-db" not in mail.subject + mail.text + mail.html
        assert "card-api" not in mail.subject + mail.text + mail.html
        assert "payments database" not in mail.text


def test_without_a_prepared_sentence_a_general_one_names_the_component() -> None:
    bare = {"card-api": Named("card-api", "card payments", {})}
    degraded = (Touched("card-api", Impact.DEGRADED, ("card-api",)),)

    said = read(a_telling(names=bare, touched=degraded)).words

    assert said.startswith("Some of you may have trouble with card payments right now. We noticed")


def test_without_any_public_name_the_notice_still_says_something() -> None:
    assert (
        "Some of you may have trouble with our service right now."
        in read(a_telling(touched=TOUCHED[:1], subject_name="our service")).words
    )


def test_stated_symptoms_win_over_prepared_ones() -> None:
    said = read(a_telling(stated=Facts(symptoms="Some card payments fail at the second try."))).words

    assert said.startswith("Some card payments fail at the second try.")
    assert "cannot pay" not in said


def test_a_blip_is_told_as_a_blip() -> None:
    bare = {"card-api": Named("card-api", "card payments", {})}
    blip = (Touched("card-api", Impact.MOMENTARY, ("card-api",)),)

    assert "short interruption of card payments" in read(a_telling(names=bare, touched=blip)).words


def test_nobody_is_said_to_have_found_a_cause_on_a_machines_word() -> None:
    observed = Facts(status=Status.IDENTIFIED)

    assert "still looking into" in read(an_update(observed=observed, stated=Facts())).words


@pytest.mark.parametrize("told", [True, False])
def test_a_calm_that_only_monitoring_saw_is_told_as_that(told: bool) -> None:
    said = read(an_update(observed=MONITORED_CALM), told=told).words

    assert "Our monitoring no longer sees" in said
    assert "We keep watching before we call it over." in said
    assert "is over" not in said


def test_an_expected_end_that_has_passed_is_not_told() -> None:
    assert "Expected end" not in read(an_update(stated=Facts(expected_end=OPENED))).text


def test_news_of_an_outage_that_is_over_says_that_it_is_over() -> None:
    late = an_update(closed_at=OPENED, stated=Facts(status=Status.RESOLVED, cause="A certificate expired."))

    for told in (True, False):
        said = read(late, told=told).words
        assert said.startswith("The trouble with card payments is over.")
        assert "Cause: A certificate expired." in said
        assert "You will hear from us again" not in said


def test_nothing_is_said_to_be_over_while_the_record_has_it_open() -> None:
    assert "is over" not in read(an_update(stated=Facts(status=Status.RESOLVED))).words
