"""Where an episode begins and ends, and what of it comes late."""

from forewarn.component import Impact
from forewarn.outage import Status
from forewarn.revise import Repeat, Stale
from tests.support.reports import NOON, Memory, after, alert, by_hand, firing, news, resolved

LEDGER = {"ledger-db": Impact.DEGRADED}


def test_a_stale_report_changes_nothing() -> None:
    memory = Memory()
    memory.hear(firing(1, sequence=2))
    before = memory.state

    verdict = memory.hear(resolved(2, sequence=1))

    assert isinstance(verdict, Stale)
    assert memory.state == before


def test_an_earlier_report_that_comes_late_changes_nothing() -> None:
    memory = Memory()
    memory.hear(firing(0, occurred_at=after(0)), resolved(3, occurred_at=after(3)))
    before = memory.state

    verdict = memory.hear(firing(4, occurred_at=after(1)))

    assert isinstance(verdict, Stale)
    assert memory.state == before


def test_a_signal_that_fires_again_goes_back_to_investigating() -> None:
    memory = Memory()
    memory.hear(firing(0), resolved(5))

    verdict = memory.hear(firing(6))

    assert news(verdict)
    assert len(memory.outages) == 1
    assert memory.last.facts.status is Status.INVESTIGATING


def test_a_signal_still_firing_after_a_person_closed_opens_nothing() -> None:
    memory = Memory()
    memory.hear(alert(0), by_hand(5, "INC-1", status=Status.RESOLVED))
    closed = memory.last

    verdict = memory.hear(alert(6, components=LEDGER))

    assert isinstance(verdict, Repeat)
    assert memory.outages == [closed]


def test_a_signal_still_firing_after_a_person_closed_joins_nothing_either() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), by_hand(5, "INC-1", status=Status.RESOLVED), alert(21, "a2", 21, components=LEDGER))

    memory.hear(alert(22, "a1"), alert(22, "a2", 21, components=LEDGER))

    assert [outage.name for outage in memory.outages] == ["INC-1", "INC-2"]
    assert memory.last.facts.components == LEDGER


def test_one_of_several_signals_that_ends_after_a_person_closed_is_no_news() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(0, "a2", components=LEDGER), by_hand(5, "INC-1", status=Status.RESOLVED))
    closed = memory.last

    verdict = memory.hear(alert(6, "a1", ended=6))

    assert isinstance(verdict, Repeat)
    assert memory.outages == [closed]


def test_an_old_repeat_of_an_ended_episode_opens_nothing() -> None:
    memory = Memory()
    memory.hear(alert(0), alert(5, ended=4), by_hand(6, "INC-1", status=Status.RESOLVED))

    verdict = memory.hear(alert(7, started=0))

    assert isinstance(verdict, Stale)
    assert len(memory.outages) == 1


def test_an_end_of_what_never_began_opens_nothing() -> None:
    memory = Memory()

    verdict = memory.hear(alert(5, ended=4))

    assert isinstance(verdict, Repeat)
    assert not memory.outages


def test_an_end_received_before_its_beginning_opens_nothing() -> None:
    memory = Memory()
    memory.hear(alert(5, ended=4))

    verdict = memory.hear(alert(6, started=0))

    assert isinstance(verdict, Stale)
    assert not memory.outages


def test_a_clock_an_hour_ahead_still_ends_its_episodes() -> None:
    memory = Memory()
    memory.hear(alert(0, started=60))

    memory.hear(alert(10, started=60, ended=70))

    assert memory.last.opened_at == NOON
    assert memory.last.facts.status is Status.MONITORING
