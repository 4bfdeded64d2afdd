"""What persons' acts do to an outage, and who may act."""

from dataclasses import replace

import pytest

from forewarn.component import Impact
from forewarn.outage import Act, Facts, Release, Status
from forewarn.revise import Rejected, Repeat, Revised
from forewarn.signal import Report
from tests.support.reports import CARDS, Memory, act, after, alert, by_hand, firing, news, resolved, settle

OF_PERSONS = (Act.RELEASE, Act.DISMISS, Act.TAKE, Act.HAND_OVER, Act.CORRECT, Act.WITHDRAW)
NOTICES = ("0123456789abcdef",)


def test_what_a_machine_opens_is_held_and_what_a_person_opens_is_released() -> None:
    memory = Memory()

    memory.hear(firing(0))
    memory.hear(by_hand(1, components={"ledger-db": Impact.DOWN}))

    assert [outage.release for outage in memory.outages] == [Release.HELD, Release.RELEASED]


def test_an_outage_knows_whether_a_source_of_alerts_opened_it() -> None:
    memory = Memory()

    memory.hear(alert(0, alert=True), firing(0))

    assert [outage.alert for outage in memory.outages] == [True, False]


@pytest.mark.parametrize("wanted", OF_PERSONS)
def test_only_a_person_acts(wanted: Act) -> None:
    memory = held()

    verdict = memory.hear(replace(act(wanted, 1), person=False, author=None))

    assert isinstance(verdict, Rejected)
    assert "only a person" in verdict.reason and "token" in verdict.reason


@pytest.mark.parametrize("wanted", [*OF_PERSONS, Act.SETTLE])
def test_our_own_clock_settles_and_does_nothing_else(wanted: Act) -> None:
    memory = held()

    verdict = memory.hear(settle(1, 1, act=wanted))

    assert isinstance(verdict, Rejected) == (wanted is not Act.SETTLE)


@pytest.mark.parametrize("wanted", OF_PERSONS)
def test_an_act_names_its_outage(wanted: Act) -> None:
    verdict = held().hear(act(wanted, 1, about=None))

    assert isinstance(verdict, Rejected)
    assert "`about`" in verdict.reason and "INC-7" in verdict.reason


@pytest.mark.parametrize("wanted", OF_PERSONS)
def test_an_act_on_what_is_not_there_is_told_so(wanted: Act) -> None:
    verdict = held().hear(act(wanted, 1, about="INC-9"))

    assert isinstance(verdict, Rejected)
    assert "INC-9" in verdict.reason


@pytest.mark.parametrize("wanted", OF_PERSONS)
def test_an_act_is_a_revision_that_says_which(wanted: Act) -> None:
    memory = held()

    verdict = memory.hear(act(wanted, 1, cause="A full disk.", communicator="mei", notices=NOTICES))

    assert isinstance(verdict, Revised)
    assert (verdict.act, verdict.notices, verdict.outage.revision) == (wanted, NOTICES, 2)
    assert verdict.signal is None


def test_a_release_lets_customers_hear_and_is_no_news_by_itself() -> None:
    memory = held()

    verdict = memory.hear(act(Act.RELEASE, 1))

    assert memory.last.release is Release.RELEASED
    assert isinstance(verdict, Revised) and not verdict.newsworthy


def test_a_release_may_bring_facts() -> None:
    memory = held()

    verdict = memory.hear(act(Act.RELEASE, 1, cause="A full disk."))

    assert news(verdict)
    assert memory.last.stated.cause == "A full disk."
    assert memory.last.release is Release.RELEASED


def test_a_release_again_is_a_repeat_but_loses_no_facts() -> None:
    memory = held()
    memory.hear(act(Act.RELEASE, 1))

    again = memory.hear(act(Act.RELEASE, 2))
    told = memory.hear(act(Act.RELEASE, 3, cause="A full disk."))

    assert again == Repeat("INC-1 is released already")
    assert news(told)


def test_what_is_over_is_not_released() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", status=Status.RESOLVED))

    verdict = memory.hear(act(Act.RELEASE, 2))

    assert isinstance(verdict, Rejected)
    assert "INC-1 is over" in verdict.reason and "investigating" in verdict.reason


def test_a_report_about_a_held_outage_releases_it() -> None:
    memory = held()

    verdict = memory.hear(by_hand(1, "INC-1", cause="A full disk."))

    assert news(verdict)
    assert memory.last.release is Release.RELEASED


def test_a_report_that_says_nothing_new_releases_too_and_is_no_news() -> None:
    memory = held()

    verdict = memory.hear(by_hand(1, "INC-1"))

    assert memory.last.release is Release.RELEASED
    assert isinstance(verdict, Revised) and not verdict.newsworthy
    assert isinstance(memory.hear(by_hand(2, "INC-1")), Repeat)


def test_a_report_that_it_is_over_releases_nothing_nor_does_one_thereafter() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", status=Status.RESOLVED))

    memory.hear(by_hand(2, "INC-1", cause="A full disk."))

    assert memory.last.release is Release.HELD
    assert not memory.last.open


def test_what_was_dismissed_stays_dismissed_until_it_is_released() -> None:
    memory = held()
    memory.hear(act(Act.DISMISS, 1))

    memory.hear(by_hand(2, "INC-1", cause="A full disk."))
    reported = memory.last.release
    memory.hear(act(Act.RELEASE, 3))

    assert reported is Release.DISMISSED
    assert memory.last.release is Release.RELEASED


def test_a_dismissal_is_no_news_and_again_a_repeat() -> None:
    memory = held()

    verdict = memory.hear(act(Act.DISMISS, 1))
    again = memory.hear(act(Act.DISMISS, 2))

    assert isinstance(verdict, Revised) and not verdict.newsworthy
    assert memory.last.release is Release.DISMISSED and memory.last.open
    assert again == Repeat("INC-1 is dismissed already")


@pytest.mark.parametrize("heard", [(by_hand(0, components=CARDS),), (firing(0), act(Act.RELEASE, 1))])
def test_what_a_person_opened_or_released_is_withdrawn_not_dismissed(heard: tuple[Report, ...]) -> None:
    memory = Memory()
    memory.hear(*heard)

    verdict = memory.hear(act(Act.DISMISS, 2))

    assert isinstance(verdict, Rejected)
    assert "`forewarn incident withdraw INC-1`" in verdict.reason


def test_whoever_takes_it_is_its_communicator_and_nobody_is_told() -> None:
    memory = held()

    verdict = memory.hear(act(Act.TAKE, 1))
    again = memory.hear(act(Act.TAKE, 2))
    memory.hear(act(Act.TAKE, 3, author="ravi"))

    assert isinstance(verdict, Revised) and not verdict.newsworthy
    assert isinstance(again, Repeat)
    assert memory.last.facts.communicator == "ravi"
    assert memory.last.release is Release.HELD


def test_what_is_handed_over_is_the_other_s_and_nobody_is_told() -> None:
    memory = held()
    memory.hear(act(Act.TAKE, 1))

    verdict = memory.hear(act(Act.HAND_OVER, 2, communicator="mei"))
    again = memory.hear(act(Act.HAND_OVER, 3, communicator="mei"))

    assert isinstance(verdict, Revised) and not verdict.newsworthy
    assert again == Repeat("INC-1 is mei's already")
    assert memory.last.facts.communicator == "mei"
    assert memory.last.release is Release.HELD


@pytest.mark.parametrize("given", [act(Act.TAKE, 2), act(Act.HAND_OVER, 2, author="mei", communicator="dana")])
def test_a_responder_may_communicate_and_whoever_decided_it_is_told(given: Report) -> None:
    memory = held()
    plain = memory.hear(given)
    memory.hear(act(Act.TAKE, 3, author="ravi"), by_hand(4, "INC-1", responders=("dana", "li")))

    both = memory.hear(given)

    assert isinstance(plain, Revised) and plain.reason is None
    assert isinstance(both, Revised) and both.reason is not None
    assert both.reason.startswith("dana is a responder too") and "hand-over INC-1" in both.reason


def test_a_hand_over_names_to_whom() -> None:
    verdict = held().hear(act(Act.HAND_OVER, 1))

    assert isinstance(verdict, Rejected)
    assert "`communicator`" in verdict.reason


def test_a_hand_over_says_nothing_to_readers() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", note="We roll back."))

    memory.hear(act(Act.HAND_OVER, 2, communicator="mei", note="The database is yours now.", cause="A full disk."))

    assert (memory.last.facts.note, memory.last.facts.cause) == ("We roll back.", None)


def test_a_take_keeps_the_note_that_the_planner_has_not_told_yet() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", note="We roll back."))

    memory.hear(act(Act.TAKE, 1))

    assert memory.last.facts.note == "We roll back."


def test_a_correction_replaces_adds_and_takes_back() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", cause="A full disk.", workaround="Pay later.", expected_end=after(30)))

    verdict = memory.hear(
        act(Act.CORRECT, 2, cause="A bad rollout.", action="Rolling back.", retract=("workaround", "expected_end"))
    )

    stated = memory.last.facts
    assert news(verdict)
    assert (stated.cause, stated.action, stated.workaround, stated.expected_end) == (
        "A bad rollout.", "Rolling back.", None, None,
    )  # fmt: skip


def test_what_is_taken_back_and_given_anew_is_given() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", cause="A full disk."))

    memory.hear(act(Act.CORRECT, 2, cause="A bad rollout.", retract=("cause",)))

    assert memory.last.facts.cause == "A bad rollout."


def test_what_a_machine_said_can_be_taken_back_too() -> None:
    memory = Memory()
    memory.hear(firing(0, facts={"symptoms": "Nobody can pay."}))

    memory.hear(act(Act.CORRECT, 1, retract=("symptoms",)))

    assert memory.last.facts.symptoms is None


def test_a_component_corrected_to_none_stays_as_none() -> None:
    memory = held()

    memory.hear(act(Act.CORRECT, 1, components={"card-payments": Impact.NONE, "ledger-db": Impact.DOWN}))

    assert memory.last.facts.components == {"card-payments": Impact.NONE, "ledger-db": Impact.DOWN}


def test_a_correction_that_corrects_nothing_is_told_what_to_give() -> None:
    verdict = held().hear(act(Act.CORRECT, 1))

    assert isinstance(verdict, Rejected)
    assert "`retract`" in verdict.reason


def test_a_correction_may_say_again_what_stands_for_an_earlier_notice_said_otherwise() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", cause="A full disk."), by_hand(2, "INC-1", cause="A bad rollout."))

    assert news(memory.hear(act(Act.CORRECT, 3, cause="A bad rollout.", notices=NOTICES)))


@pytest.mark.parametrize("status, is_open", [(None, False), (Status.RESOLVED, False), (Status.INVESTIGATING, True)])
def test_a_correction_leaves_closed_what_is_over_unless_it_corrects_that(status: Status | None, is_open: bool) -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", status=Status.RESOLVED))
    closed = memory.last.closed_at

    verdict = memory.hear(act(Act.CORRECT, 2, cause="A bad rollout.", status=status))

    assert news(verdict)
    assert memory.last.open is is_open
    assert is_open or memory.last.closed_at == closed


def test_a_withdrawn_outage_never_was() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", note="We roll back."))

    verdict = memory.hear(act(Act.WITHDRAW, 2, note="It was a drill."))
    again = memory.hear(act(Act.WITHDRAW, 3))

    assert news(verdict)
    assert memory.last.withdrawn
    assert memory.last.closed_at == after(2)
    assert memory.last.facts.note == "It was a drill."
    assert again == Repeat("INC-1 is withdrawn already")


def test_a_withdrawal_keeps_the_end_that_was() -> None:
    memory = held()
    memory.hear(by_hand(1, "INC-1", status=Status.RESOLVED))

    memory.hear(act(Act.WITHDRAW, 9))

    assert memory.last.closed_at == after(1)
    assert memory.last.withdrawn


def test_a_withdrawal_of_notices_leaves_the_outage_standing() -> None:
    memory = held()

    verdict = memory.hear(act(Act.WITHDRAW, 1, notices=NOTICES, cause="A full disk."))

    assert news(verdict)
    assert memory.last.open and not memory.last.withdrawn
    assert memory.last.facts.cause == "A full disk."


@pytest.mark.parametrize("wanted", sorted({Act.REPORT, *OF_PERSONS} - {Act.WITHDRAW}))
def test_nothing_more_is_said_of_what_was_withdrawn(wanted: Act) -> None:
    memory = held()
    memory.hear(act(Act.WITHDRAW, 1))
    before = memory.state

    verdict = memory.hear(act(wanted, 2, cause="A full disk."))

    assert verdict == Rejected("INC-1 was withdrawn; open another")
    assert memory.state == before


def test_a_person_s_key_of_what_was_withdrawn_is_used_up() -> None:
    memory = Memory()
    memory.hear(by_hand(0, key="cards", components={"ledger-db": Impact.DOWN}), act(Act.WITHDRAW, 1))

    verdict = memory.hear(by_hand(2, key="cards", cause="A full disk."))

    assert isinstance(verdict, Rejected)
    assert "another key than 'cards'" in verdict.reason


def test_a_machine_that_goes_on_about_what_was_withdrawn_changes_nothing_and_opens_another_with_its_next_episode() -> (
    None
):
    memory = Memory()
    memory.hear(alert(0, "a1"), act(Act.WITHDRAW, 1))
    withdrawn = memory.last

    repeated = memory.hear(alert(2, "a1"))
    ended = memory.hear(alert(3, "a1", ended=3))
    memory.hear(alert(5, "a1", started=4), alert(5, "a2", started=4))

    assert isinstance(repeated, Repeat) and isinstance(ended, Repeat)
    assert memory.outages[0] == withdrawn
    assert [outage.name for outage in memory.outages] == ["INC-1", "INC-2"]


def test_an_act_with_an_unknown_component_is_refused() -> None:
    verdict = held().hear(act(Act.CORRECT, 1, unknown_components=("zeppelin",)))

    assert isinstance(verdict, Rejected)
    assert "zeppelin" in verdict.reason


def test_facts_that_nobody_gave_are_not_taken_for_given() -> None:
    memory = held()
    before = memory.last

    memory.hear(act(Act.DISMISS, 1, cause="A false alarm."))

    assert memory.last.stated == before.stated == Facts()


def test_a_person_who_opens_again_finds_what_the_signals_say_by_now() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(1, "INC-1", status=Status.RESOLVED), resolved(2))

    memory.hear(by_hand(5, "INC-1", status=Status.MONITORING))

    assert memory.last.observed.status is Status.MONITORING
    assert memory.last.calm_since == after(5)


def held() -> Memory:
    """INC-1, opened by a machine."""
    memory = Memory()
    memory.hear(firing(0))
    return memory
