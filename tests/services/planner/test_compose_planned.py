"""What a reader finds in a notice of planned work, and what never gets there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from forewarn.component import Impact, Touched
from forewarn.notice import CHILDREN, Occasion
from forewarn.outage import Facts, ReaderAction, Status, Tasks, Window
from forewarn.subscriber import Voice
from services.planner.compose import Named
from services.planner.telling import Telling

from .tellings import OPENED, a_telling, compose, inside, read
from .works import (
    BENEFIT,
    GOING,
    HOUR,
    MINUTE,
    START,
    WINDOW,
    a_cancellation,
    a_delay,
    a_finish,
    a_silence,
    a_work,
    a_wrong_work,
    an_overrun,
    every_work,
    later,
    no_work,
    under_way,
)

DAY = timedelta(days=1)


def a_start(**what: Any) -> Telling:
    return a_work(occasion=Occasion.STARTING, now=START - MINUTE, **what)


WHEN = "on Monday 14 December from 21:00 to 23:00 CET (UTC+1)"
ASKED = ReaderAction("Allow our new address.", START - 3 * DAY, "https://acme.example/how")


def test_a_reminder_says_when_what_to_expect_and_what_it_is_good_for() -> None:
    said = read(a_work(), told=False).words

    assert said.startswith(
        f"We will work on card payments {WHEN}. "
        "The work is planned to take 2 hours. During this time, this may be the situation: "
        "> Some of you cannot pay by card right now. "
        f"What you gain: {BENEFIT} "
        "You will hear from us when it starts, and when it is finished. — Dana Roth, Acme"
    )


@pytest.mark.parametrize(
    ("telling", "words"),
    [
        (a_work, "2 hours. During this time: Payouts are delayed."),
        (a_delay, "2 hours. During this time: Payouts are delayed."),
        (a_start, "It is planned to end at 23:00 CET. Until then: Payouts are delayed."),
        (under_way, "is under way. Until it is finished: Payouts are delayed."),
        (an_overrun, "sorry for that. Until it is finished: Payouts are delayed."),
    ],
)
def test_what_a_person_wrote_of_the_effects_is_said_of_the_time_of_the_work(
    telling: Callable[..., Telling], words: str
) -> None:
    said = read(telling(stated=Facts(symptoms="Payouts are delayed."))).words

    assert words in said
    assert "cannot pay" not in said


@pytest.mark.parametrize(
    ("impact", "words"),
    [
        (Impact.DOWN, "During this time you may be unable to use card payments."),
        (Impact.DEGRADED, "During this time you may have trouble with card payments."),
        (Impact.MOMENTARY, "During this time you may notice a short interruption of card payments."),
    ],
)
def test_without_prepared_words_the_impact_is_told_of_the_time_of_the_work(impact: Impact, words: str) -> None:
    bare = {"card-api": Named("card-api", "card payments", {})}

    said = read(a_work(names=bare, touched=(Touched("card-api", impact, ("card-api",)),))).words

    assert words in said
    assert "right now" not in said


def test_what_is_not_settled_is_said_not_to_be() -> None:
    said = read(a_work(tentative=True)).words

    assert said.startswith(f"We may work on card payments {WHEN}. This time is not settled yet. If it changes,")


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ({"short_notice": True}, "This is shorter notice than you should get, and we are sorry for that."),
        ({"late": True}, "This comes later than it should. That is our fault, and we are sorry."),
    ],
)
def test_short_notice_and_late_notice_are_each_owned_to(label: dict[str, Any], words: str) -> None:
    assert words in read(a_work(**label)).words
    assert words not in read(a_work()).words
    assert words in read(under_way(**label), told=False).words
    assert read(a_delay(**label)).words.count("sorry") == 1


def test_what_readers_must_do_stands_with_deadline_and_link_until_it_is_too_late() -> None:
    words = (
        "Please do this by Friday 11 December, 21:00 CET Allow our new address. This is how: https://acme.example/how"
    )
    stated = Facts(reader_action=ASKED)

    assert words in read(a_work(stated=stated), told=False).words
    assert "Please do this" not in read(under_way(stated=stated)).words
    assert "Please do this Allow our" in read(under_way(stated=Facts(reader_action=ReaderAction("Allow our")))).words


def asking(by: datetime, what: str = "Allow our new address.", **how: Any) -> str:
    """What readers who know of the work are reminded of."""
    stated = Facts(reader_action=ReaderAction(what, by, "https://acme.example/how"))
    return read(a_work(**({"occasion": Occasion.REMINDER, "stated": stated} | how))).words


def test_m10_a_reminder_says_first_what_readers_must_do_before_the_work() -> None:
    said = asking(START - 3 * DAY)

    assert said.startswith(
        "Please do this by Friday 11 December, 21:00 CET (UTC+1): Allow our new address. "
        "This is how: https://acme.example/how "
        "We will work on card payments on Monday 14 December from 21:00 to 23:00 CET. The work is planned to take"
    )
    assert said.count("Allow our new address") == 1


def test_m10_what_is_too_long_for_a_line_stands_below_it() -> None:
    said = asking(START - 3 * DAY, "Allow our new address. " * 9)

    assert said.startswith("Please do this by Friday 11 December, 21:00 CET (UTC+1). Allow our new address. Allow")


def test_m10_what_readers_must_do_after_the_start_stands_below_what_comes_before_it() -> None:
    assert asking(START + 3 * DAY).startswith("We will work on card payments")
    assert "Please do this by Thursday 17 December, 21:00 CET" in asking(START + 3 * DAY)


@pytest.mark.parametrize(
    ("now", "stands"),
    [(START + HOUR, "is under way. Until it is finished"), (WINDOW.end + DAY, "is not finished yet. Until it")],
)
def test_m10_a_reminder_of_a_deadline_after_the_start_asks_and_says_where_the_work_stands(
    now: datetime, stands: str
) -> None:
    said = asking(START + 3 * DAY, status=GOING, now=now)

    assert said.startswith("Please do this by Thursday 17 December, 21:00 CET (UTC+1): Allow our new address.")
    assert f"The planned work on card payments {stands}" in said


def test_m10_what_was_to_be_done_by_now_does_not_stand_first() -> None:
    assert asking(START - 3 * DAY, now=START - 2 * DAY).startswith("We will work on")
    assert "Please" not in asking(START + DAY, status=GOING, now=START + DAY)


def test_a_start_is_told_for_its_minute_and_not_as_a_fact() -> None:
    ahead = a_work(occasion=Occasion.STARTING, now=START - MINUTE)

    assert read(ahead).words.startswith(
        "Our work on card payments starts at 21:00 CET (UTC+1). It is planned to end at 23:00 CET."
    )
    assert "when it starts" not in read(ahead).words
    silent = a_work(occasion=Occasion.STARTING, now=START + MINUTE)
    assert read(silent).words.startswith("The time planned for work on card payments has begun.")
    assert read(replace(silent, stated=Facts(status=GOING))).words.startswith("The time planned")
    said = a_work(occasion=Occasion.STARTING, now=START + MINUTE, status=GOING)
    assert read(said).words.startswith("The planned work on card payments is under way.")


def test_progress_is_told_by_steps_or_else_by_the_clock_and_never_invented() -> None:
    by_steps = read(under_way(tasks=Tasks(3, 8))).words
    by_clock = read(under_way()).words

    assert "Steps done: 3 of 8" in by_steps and "Time passed" not in by_steps
    assert "Time passed: 30 minutes of the planned 2 hours" in by_clock
    assert "Steps" not in by_clock and "%" not in by_clock
    assert "Expected end: 23:00 CET (UTC+1)" in by_clock
    assert "Steps" not in read(under_way(tasks=Tasks(9, 8))).words


def test_whoever_hears_of_work_only_on_its_way_reads_the_whole_of_it() -> None:
    said = read(under_way(), told=False).words

    for words in ("is under way.", "cannot pay by card", f"Planned: {WHEN}", BENEFIT, "when it is finished."):
        assert words in said


def test_an_overrun_with_a_new_end_says_both_ends() -> None:
    said = read(an_overrun(end=WINDOW.end + HOUR / 2, promised_at=None)).words

    assert said.startswith(
        "Our work on card payments takes longer than planned. It is now expected to end at 23:30 CET (UTC+1), "
        "not at 23:00 CET as planned. We are sorry that it takes longer."
    )
    assert "You will hear from us when it is finished." in said


def test_an_overrun_without_a_new_end_promises_the_next_update() -> None:
    said = read(an_overrun()).words

    assert said.startswith(
        "The planned work on card payments is not finished yet. It was to end at 23:00 CET (UTC+1). "
        "We do not know yet when it will be finished, and we are sorry for that."
    )
    assert "You will hear from us again by 23:30 CET, sooner if we know more." in said


def test_a_second_extension_is_told_against_the_first() -> None:
    told = {"now": WINDOW.end + 20 * MINUTE, "was_end": WINDOW.end + HOUR / 2}

    said = read(an_overrun(end=WINDOW.end + 50 * MINUTE, **told)).words
    sooner = read(an_overrun(end=WINDOW.end + 25 * MINUTE, **told)).words

    assert said.startswith("Our work on card payments takes even longer than we told you.")
    assert "expected to end at 23:50 CET (UTC+1), not at 23:30 CET as we told you." in said
    assert sooner.startswith("Our work on card payments should be finished sooner than we last told you.")


def test_another_end_of_a_window_that_stays_is_told_before_the_start_too() -> None:
    longer = a_delay(window=WINDOW, was=None, end=WINDOW.end + HOUR, was_end=WINDOW.end)

    said = read(longer).words

    assert said.startswith("Our work on card payments will take longer than planned. It is now expected to end")


def test_work_told_to_end_sooner_that_goes_back_to_its_plan_says_when_it_ends() -> None:
    going = an_overrun(now=START + 5 * MINUTE, was_end=WINDOW.end - HOUR, promised_at=None)

    said = read(going).words
    halfway = read(with_end(going, WINDOW.end - HOUR / 2)).words

    assert said.startswith(
        "Our work on card payments will not be finished sooner after all. It is now expected to end at 23:00 CET "
        "(UTC+1) as first planned, not at 22:00 CET. We are sorry for the change."
    )
    assert halfway.startswith(
        "Our work on card payments takes longer than we last told you. It is now expected to end at 22:30 CET "
        "(UTC+1), not at 22:00 CET. We are sorry for the change."
    )
    for words in (said, halfway):
        assert "We do not know yet" not in words
        assert "You will hear from us when it is finished." in words


@pytest.mark.parametrize(
    ("end", "told_end", "words"),
    [
        (WINDOW.end, WINDOW.end - HOUR, "is now expected to end at 23:00 CET (UTC+1), not at 22:00 CET."),
        (WINDOW.end - HOUR, WINDOW.end, "is now expected to end at 22:00 CET (UTC+1), not at 23:00 CET."),
    ],
)
def test_colleagues_read_the_end_that_is_known(end: datetime, told_end: datetime, words: str) -> None:
    going = an_overrun(now=START + 5 * MINUTE, end=end, was_end=told_end, promised_at=None)

    said = read(inside(going), voice=Voice.INTERNAL).words

    assert words in said
    assert "not finished" not in said


@pytest.mark.parametrize("ahead", [a_work, a_delay])
def test_an_end_off_the_plan_is_called_so_and_no_duration_says_otherwise(ahead: Callable[..., Telling]) -> None:
    plain = ahead()
    assert plain.work is not None
    said = read(with_end(plain, plain.work.window.end + HOUR)).words

    assert "Now expected to last until:" in said
    assert "is planned to take" not in said
    assert "is planned to take 2 hours" in read(plain).words


def with_end(telling: Telling, end: datetime) -> Telling:
    assert telling.work is not None
    return replace(telling, work=replace(telling.work, end=end))


def test_a_silence_says_since_when_and_the_third_says_it_plainly() -> None:
    first, third = read(a_silence()).words, read(a_silence(holdings=3)).words

    assert first.startswith(
        "The planned work on card payments is not finished yet. We have had no news since 23:00 CET (UTC+1)."
    )
    assert third.startswith(
        "The planned work on card payments is still not finished. There has been no news since 23:00 CET (UTC+1). "
        "We know that this is not good enough, and we are sorry."
    )
    for said in (first, third):
        assert "You will hear from us again by" in said
        assert "Our engineers" not in said


def test_a_finish_says_when_and_whether_it_was_late() -> None:
    over = WINDOW.end + HOUR / 2

    assert read(a_finish()).words.startswith(
        "The planned work on card payments is finished. It was finished at 22:45 CET (UTC+1). "
        "Thank you for your patience."
    )
    assert "sorry" not in read(a_finish()).words
    late = read(a_finish(now=over, closed_at=over)).words
    assert "at 23:30 CET (UTC+1), 30 minutes later than planned. We are sorry that it took longer." in late


def test_a_move_says_from_when_to_when_and_which_way() -> None:
    to = "on Tuesday 15 December from 21:00 to 23:00 CET"
    longer = Window(WINDOW.start, WINDOW.end + HOUR / 2)

    assert read(a_delay()).words.startswith(
        f"Our work on card payments is postponed. It will now take place {to} (UTC+1). "
        "Before, it was to take place on Monday 14 December from 21:00 to 23:00 CET. "
        "We are sorry if this upsets your plans."
    )
    earlier = a_delay(window=WINDOW, end=WINDOW.end, was=later(WINDOW, DAY))
    assert read(earlier).words.startswith("Our work on card payments is brought forward. It will now take place on M")
    other = a_delay(window=longer, end=longer.end)
    assert read(other).words.startswith("Our work on card payments has a new time. It will now take place on Monday")
    assert "It may now take place" in read(a_delay(tentative=True)).words


def test_what_is_cancelled_leaves_nothing_to_do() -> None:
    said = read(a_cancellation()).words

    assert said.startswith(
        f"The planned work on card payments will not take place. It was to take place {WHEN}. You need not do anything."
    )
    asked = read(a_cancellation(stated=Facts(reader_action=ASKED))).words
    assert "What we asked of you for it is no longer needed." in asked
    assert "Please do this" not in asked


def test_a_correction_names_the_window_that_was_wrong() -> None:
    said = read(a_wrong_work()).words

    assert "We said: on Sunday 13 December from 21:00 to 23:00 CET (UTC+1) Corrected: on Monday 14 December" in said
    assert "Where it stands now We will work on card payments on Monday 14 December" in said


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.COMPLETED, "We told you that the planned work on card payments was finished. It is not."),
        (Status.CANCELLED, "We told you that the planned work on card payments would not take place. It will."),
        (Status.IN_PROGRESS, "We told you that the planned work on card payments had begun. It has not."),
    ],
)
def test_a_state_that_was_told_wrongly_is_the_headline(status: Status, words: str) -> None:
    assert read(a_wrong_work(said=Facts(status=status))).words.startswith(words)


def test_work_that_was_announced_in_error_never_was() -> None:
    stated = Facts(reader_action=ASKED, benefit=BENEFIT, cause="A drill.")

    assert read(no_work(stated=Facts())).words.startswith(
        "We told you of planned work on card payments in error. No such work is planned. "
        "You need not do anything. We are sorry for this mistake. —"
    )
    for told in (True, False):
        said = read(no_work(stated=stated), told=told).words
        assert not any(words in said for words in (BENEFIT, "drill", "Please do this", "hear from us", "cannot pay"))


@pytest.mark.parametrize("occasion", sorted(CHILDREN))
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({}, f"We will work on card payments {WHEN}."),
        ({"now": START + HOUR, "status": GOING}, "The planned work on card payments is under way."),
        ({"now": WINDOW.end, "status": GOING}, "The planned work on card payments is not finished yet."),
        ({"now": WINDOW.end, "status": Status.COMPLETED}, "The planned work on card payments is finished."),
        ({"now": WINDOW.start, "status": Status.CANCELLED}, "The planned work on card payments has been called off."),
    ],
)
def test_a_child_tells_where_the_work_stands(occasion: Occasion, told: bool, what: dict[str, Any], words: str) -> None:
    assert read(a_work(occasion=occasion, **what), told=told).words.removeprefix("You asked").startswith(words)


@pytest.mark.parametrize(
    ("telling", "words"),
    [
        (a_delay(), "We will work on card payments on Tuesday 15 December"),
        (a_work(occasion=Occasion.STARTING, now=START - MINUTE), f"We will work on card payments {WHEN}"),
        (under_way(occasion=Occasion.STARTING), "The planned work on card payments is under way."),
        (a_silence(), "The planned work on card payments is not finished yet."),
        (a_wrong_work(), f"We will work on card payments {WHEN}"),
    ],
)
def test_whoever_was_not_told_before_reads_where_it_stands(telling: Telling, words: str) -> None:
    said = read(telling, told=False).words

    assert said.startswith(words)
    assert "Before, it" not in said and "We said" not in said and "no news" not in said


def test_a_reminder_that_comes_after_the_start_announces_nothing() -> None:
    assert read(a_work(now=START + MINUTE, status=GOING)).words.startswith("The planned work on card payments is under")


def test_every_promise_that_a_notice_makes_is_said() -> None:
    for telling in every_work(promised_at=START + 3 * DAY):
        for told in (True, False):
            said = read(telling, told=told).words
            assert ("hear from us again by" in said) is not telling.over, (telling.occasion, told)


def test_an_incident_has_no_words_for_occasions_of_planned_work() -> None:
    with pytest.raises(ValueError, match="no text for reminder"):
        compose(a_telling(occasion=Occasion.REMINDER))


def test_the_subject_is_the_same_from_the_first_reminder_to_the_end() -> None:
    subjects = {compose(telling, told=told).subject for telling in every_work() for told in (True, False)}

    assert subjects == {"Acme Proactive Notification: card payments"}


def test_a_machines_prose_never_reaches_a_customer_of_planned_work() -> None:
    prose: dict[str, Any] = dict.fromkeys(
        ("symptoms", "cause", "action", "workaround", "benefit", "whats_new", "note", "signed_by", "version"),
        "kernel panic",
    )
    observed = Facts(reader_action=ReaderAction("kernel panic"), changes_requested_by=("kernel panic",), **prose)

    for telling in every_work(observed=observed, stated=Facts()):
        for told in (True, False):
            mail = read(telling, told=told)
            assert "kernel panic" not in mail.subject + mail.text + mail.html


def test_planned_work_is_never_told_as_trouble() -> None:
    for telling in every_work():
        for told in (True, False):
            said = read(telling, told=told).words.lower()
            assert not any(words in said for words in ("we noticed", "the trouble", "outage", "incident", "monitoring"))


def test_a_window_is_said_in_the_readers_zone_with_its_day() -> None:
    over_midnight = "from Tuesday 15 December, 05:00 to 07:00"

    assert "on Tuesday 15 December from 05:00 to 07:00 JST (UTC+9)" in read(a_work(), zone="Asia/Tokyo").words
    assert over_midnight not in read(a_work(), zone="Asia/Tokyo").words
    assert (
        "from Monday 14 December, 23:00 to Tuesday 15 December, 01:00 MSK (UTC+3)"
        in read(a_work(), zone="Europe/Moscow").words
    )
    assert "on Monday 14 December from 20:00 to 22:00 UTC" in read(a_work(), zone="UTC").words


def test_over_a_clock_change_a_window_says_both_offsets() -> None:
    night = Window(OPENED.replace(month=10, day=24, hour=23), OPENED.replace(month=10, day=25, hour=2))

    said = read(a_work(window=night, end=night.end, now=night.start - DAY)).words

    assert "on Sunday 25 October from 01:02 CEST (UTC+2) to 03:02 CET (UTC+1)" in said


@pytest.mark.parametrize(
    ("telling", "tone"),
    [
        *((a_work(), "plan"), (under_way(), "plan"), (an_overrun(), "watching"), (a_silence(), "watching")),
        *((a_finish(), "over"), (a_cancellation(), "over"), (no_work(), "over")),
    ],
)
def test_a_mail_of_planned_work_is_red_at_no_time(telling: Telling, tone: str) -> None:
    assert f'class="sheet {tone}"' in read(telling).html
