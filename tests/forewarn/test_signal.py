"""Order within a signal, episodes, clocks that run ahead."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.component import Impact
from forewarn.outage import Severity
from forewarn.signal import CLOCK_TOLERANCE, Report, Signal, clamp, older_than, signal_after
from tests.support.reports import NOON, Memory, after, alert, firing, resolved

LATER = timedelta(minutes=10)


def test_sequence_orders_when_both_have_one() -> None:
    known = known_from(firing(0, sequence=5, occurred_at=after(0)))

    older = older_than(firing(1, sequence=4, occurred_at=after(1)), known)
    same = older_than(firing(1, sequence=5, occurred_at=after(1)), known)
    newer = older_than(firing(1, sequence=6, occurred_at=after(-9)), known)

    assert older and "sequence 4" in older
    assert same
    assert newer is None


@pytest.mark.parametrize("known, heard", [(5, None), (None, 5), (None, None)])
def test_without_two_sequences_the_moment_it_occurred_orders(known: int | None, heard: int | None) -> None:
    signal = known_from(firing(0, sequence=known, occurred_at=after(0)))

    older = older_than(firing(1, sequence=heard, occurred_at=after(-1)), signal)
    newer = older_than(firing(1, sequence=heard, occurred_at=after(1)), signal)

    assert older
    assert newer is None


def test_without_a_moment_the_receipt_orders() -> None:
    signal = known_from(firing(5))

    older = older_than(firing(4), signal)
    newer = older_than(firing(6), signal)

    assert older
    assert newer is None


def test_a_report_without_a_sequence_keeps_the_known_one() -> None:
    signal = signal_after(firing(1), known_from(firing(0, sequence=5)))

    assert signal.sequence == 5


@given(st.integers(0, 300))
def test_a_clock_up_to_five_minutes_ahead_is_believed(seconds: int) -> None:
    report = firing(0, occurred_at=NOON + timedelta(seconds=seconds))

    assert clamp(report) == report


@given(st.timedeltas(CLOCK_TOLERANCE + timedelta(microseconds=1), timedelta(days=9000)))
def test_a_clock_further_ahead_is_clamped_and_flagged(ahead: timedelta) -> None:
    clamped = clamp(firing(0, occurred_at=NOON + ahead, started_at=NOON + ahead))

    assert (clamped.occurred_at, clamped.started_at, clamped.clock_ahead) == (NOON, NOON, True)


def test_a_clamped_end_leaves_an_honest_beginning_alone() -> None:
    clamped = clamp(alert(5, started=0, ended=60))

    assert (clamped.started_at, clamped.occurred_at, clamped.clock_ahead) == (after(0), after(5), True)


def test_one_report_from_the_future_does_not_silence_what_follows() -> None:
    memory = Memory()
    memory.hear(firing(0, occurred_at=after(60)))

    memory.hear(resolved(1, occurred_at=after(1)))

    assert not memory.signals["monitoring", "checkout"].firing


def test_an_episode_runs_from_first_firing_to_resolved() -> None:
    first = known_from(alert(1, started=0))
    repeated = signal_after(alert(30, started=20), first)
    ended = signal_after(alert(41, started=20, ended=40), repeated)

    assert (repeated.since, repeated.firing) == (after(0), True)
    assert (ended.since, ended.until, ended.firing) == (after(0), after(40), False)


def test_a_firing_after_the_end_begins_a_new_episode() -> None:
    ended = signal_after(alert(6, started=0, ended=5), known_from(alert(0)))

    again = signal_after(alert(9, started=8), ended)

    assert (again.since, again.until, again.firing) == (after(8), None, True)


def test_another_startsat_while_firing_is_no_reason_to_call_it_old() -> None:
    signal = known_from(alert(5, started=0))

    assert older_than(alert(6, started=-30), signal) is None
    assert older_than(alert(6, started=3), signal) is None


@pytest.mark.parametrize("started, old", [(0, True), (5, True), (5.1, False), (9, False)])
def test_startsat_unmasks_repeats_of_an_ended_episode(started: float, old: bool) -> None:
    ended = signal_after(alert(6, started=0, ended=5), known_from(alert(0)))

    reason = older_than(alert(10, started=started), ended)

    assert (reason is not None) == old


def test_an_end_of_an_earlier_episode_does_not_end_the_present_one() -> None:
    signal = known_from(alert(20, started=10))

    assert older_than(alert(21, started=0, ended=5), signal)
    assert older_than(alert(21, started=10, ended=15), signal) is None


REPORTS = st.builds(
    lambda over, impact, severity: (
        resolved(0) if over else firing(0, components={"card-payments": impact}, facts={"severity": severity})
    ),
    st.booleans(),
    st.sampled_from([Impact.DEGRADED, Impact.DOWN]),
    st.sampled_from(Severity),
)


@given(st.lists(REPORTS, min_size=1, max_size=6), st.data())
def test_in_whatever_order_numbered_reports_come_the_end_is_the_same(
    reports: list[Report], data: st.DataObject
) -> None:
    numbered = [replace(report, sequence=n) for n, report in enumerate(reports)]
    last = numbered[-1]
    again = data.draw(st.lists(st.sampled_from(numbered), max_size=4))
    shuffled = data.draw(st.permutations(numbered + again))

    in_order, in_disorder = Memory(), Memory()
    in_order.hear(*numbered)
    in_disorder.hear(*shuffled)

    one, other = (memory.signals["monitoring", "checkout"] for memory in (in_order, in_disorder))
    assert (one.firing, one.sequence) == (other.firing, other.sequence) == (not last.over, last.sequence)
    assert len(in_disorder.outages) <= 1
    if not last.over:
        assert (one.components, one.severity) == (other.components, other.severity)
        assert in_disorder.last.facts.components == in_order.last.facts.components == last.facts.components
        assert in_disorder.last.facts.status is in_order.last.facts.status


@given(st.lists(st.tuples(st.sampled_from("abc"), REPORTS), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_signals_of_a_group_may_come_in_any_order_between_each_other(
    said: list[tuple[str, Report]], random: Random
) -> None:
    reports = [replace(r, key=key, group="g", sequence=n) for n, (key, r) in enumerate(said)]
    shuffled = random.sample(reports, len(reports))
    newest = {report.key: report for report in reports}

    memory = Memory()
    memory.hear(*shuffled)

    firing_now = {key for key, report in newest.items() if not report.over}
    assert {key for (_, key), signal in memory.signals.items() if signal.firing} == firing_now
    if firing_now and len(memory.outages) == 1:
        impacts = [newest[key].facts.components["card-payments"] for key in firing_now]
        assert memory.last.facts.components == {"card-payments": max(impacts, key=lambda impact: impact.weight)}


def known_from(report: Report) -> Signal:
    return signal_after(report, None)
