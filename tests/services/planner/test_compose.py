"""What a reader finds in a notice, and what never gets there."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from forewarn.component import Impact, Touched
from forewarn.content import CLOSING, OPENING
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import Facts, ReaderAction, Severity, Status
from forewarn.subscriber import VOICES, Voice
from services.planner.compose import Named, Telling

from .tellings import COMPOSER, OPENED, TOUCHED, a_telling, an_update, compose, inside, opened, read, the_end

GOLDEN = Path(__file__).with_name("golden_first.txt")
MONITORED_CALM = Facts(severity=Severity.CRITICAL, status=Status.MONITORING)


def every_occasion(**what: object) -> list[Telling]:
    return [a_telling(**what), an_update(**what), the_end(**what)]


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


def test_a_machines_prose_never_reaches_a_customer() -> None:
    prose = dict.fromkeys(("symptoms", "cause", "action", "workaround", "note", "signed_by"), "kernel panic")
    observed = Facts(
        status=Status.IDENTIFIED, unknown_components=("kernel panic",), communicator="kernel panic", **prose
    )

    for telling in every_occasion(observed=observed):
        for told in (True, False):
            mail = read(telling, told=told)
            assert "kernel panic" not in mail.subject + mail.text + mail.html


def test_a_machines_prose_is_marked_as_its_own_inside() -> None:
    said = read(inside(a_telling()), Voice.INTERNAL).words

    assert "Monitoring's own words 5xx on /charge" in said


def test_a_component_without_a_public_name_is_never_named_outside() -> None:
    for telling in every_occasion():
        mail = read(telling, told=False)
        assert "payments-db" not in mail.subject + mail.text + mail.html
        assert "card-api" not in mail.subject + mail.text + mail.html
        assert "payments database" not in mail.text


def test_the_quoted_customers_words_name_no_component_by_its_key() -> None:
    hidden = inside(a_telling(touched=TOUCHED[:1]))

    quoted = [line for line in read(hidden, Voice.SUPPORT).text.splitlines() if line.startswith(">")]

    assert quoted
    assert not any("payments-db" in line for line in quoted)


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
        "https://acme.example/how",
        "by 14:32 CET, sooner if we know more. I will write again soon. — The Acme status team",
    ):
        assert words in said


def test_an_expected_end_that_has_passed_is_not_told() -> None:
    assert "Expected end" not in read(an_update(stated=Facts(expected_end=OPENED))).text


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


def test_a_test_says_so_in_subject_and_first_line() -> None:
    mail = read(a_telling(test=True))

    assert mail.subject.startswith("[TEST] Acme Proactive Notification: ")
    assert mail.text.startswith("[TEST] ")
    assert "only a test" in mail.words


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


def test_a_stated_slot_mark_cannot_pose_as_a_slot() -> None:
    forged = f"{OPENING}accounts{CLOSING} and {OPENING}nonsense{CLOSING}"
    company = Company.model_construct(**(Company().model_dump() | {"name": forged, "signed_by": forged}))

    content = compose(a_telling(stated=Facts(symptoms=forged, cause=forged), company=company))

    assert "Initech" not in opened(content).text


def test_a_stated_fact_cannot_make_a_heading_or_a_quotation() -> None:
    html = read(a_telling(stated=Facts(cause="x", note="## Free money\n\n> said the chief"))).html

    assert html.count("<h2") == html.count("<blockquote") == 0
    assert "## Free money" in html


def test_the_line_breaks_of_a_person_are_kept() -> None:
    mail = read(a_telling(stated=Facts(note="One.\n\n- two\n- three")))

    assert "One.\n\n- two\n- three\n" in mail.text


def test_no_line_of_a_mail_is_too_long_for_smtp() -> None:
    stated = Facts(symptoms="<" * 4000, cause="an 'unlikely' cause & effect " * 130, note="猫" * 4000)

    for voice, telling in (
        (Voice.CUSTOMER, a_telling(stated=stated)),
        (Voice.SUPPORT, inside(a_telling(stated=stated))),
    ):
        mail = read(telling, voice)
        assert max(len(line.encode()) for line in (mail.text + mail.html).splitlines()) < 900


def test_static_lines_of_text_are_wrapped() -> None:
    assert max(map(len, read(an_update(stated=Facts(cause="word " * 200))).text.splitlines())) <= 78


def test_the_preheader_holds_the_state_and_the_next_update() -> None:
    preheader = read(a_telling()).html.partition('opacity:0;mso-hide:all">')[2].partition("&#847;")[0]

    assert " ".join(preheader.split()) == "Some of you cannot pay by card right now. Next update by 14:32 CET (UTC+1)."


def test_the_unsubscribe_link_is_whole_in_both_parts() -> None:
    mail = read(a_telling())

    assert "https://acme.example/u/T?a=1&b=2" in mail.text
    assert 'href="https://acme.example/u/T?a=1&amp;b=2"' in mail.html


def test_a_voice_of_the_other_side_is_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        compose(a_telling(), Voice.SUPPORT)


def test_an_occasion_without_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="no text for holding"):
        compose(a_telling(occasion=Occasion.HOLDING))


def test_each_variant_for_a_hundred_zones_is_composed_within_20_ms() -> None:
    zones = dict(enumerate(sorted(available_timezones())[:100]))
    for side, voices in VOICES.items():
        telling = replace(an_update(), side=side)
        for voice in voices:
            taken = []
            for _ in range(9):
                start = time.perf_counter()
                COMPOSER.compose(telling, voice, "en", True, zones)
                taken.append(time.perf_counter() - start)
            assert min(taken) < 0.020, voice


def test_an_unknown_zone_reads_utc_and_fails_nothing() -> None:
    assert "13:02 UTC" in read(a_telling(), zone="Middle_Earth/Shire").text
