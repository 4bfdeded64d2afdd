"""A mail as a thing: whole links, short lines, nothing forged."""

import time
from dataclasses import replace
from zoneinfo import available_timezones

import pytest

from forewarn.content import CLOSING, OPENING
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import Facts
from forewarn.subscriber import VOICES, Side, Voice

from .tellings import COMPOSER, a_telling, an_update, compose, every_occasion, inside, opened, read


def test_a_test_says_so_in_subject_and_first_line() -> None:
    mail = read(a_telling(test=True))

    assert mail.subject.startswith("[TEST] Acme Proactive Notification: ")
    assert mail.text.startswith("[TEST] ")
    assert "\nThis is only a test, a rehearsal. Nothing is wrong; you need do nothing.\n" in mail.text


@pytest.mark.parametrize("side", [*Side])
def test_the_subject_of_a_test_bears_the_mark_and_stays_the_same(side: Side) -> None:
    long = {"company": Company(name="The Very Long And Honourable Trading Company of 1827")}
    tellings = [replace(t, side=side, subject_name="card payments") for t in every_occasion(test=True, **long)]

    subjects = {compose(t, VOICES[side][0], told=told).subject for t in tellings for told in (True, False)}

    assert all(subject.startswith("[TEST] ") and len(subject) <= 60 for subject in subjects)
    assert len(subjects) == (1 if side is Side.OUTSIDE else 2)


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


def test_an_occasion_without_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="no text for reminder"):
        compose(a_telling(occasion=Occasion.REMINDER))


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
