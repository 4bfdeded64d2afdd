"""What one report does to the record."""

from dataclasses import replace

import pytest

from forewarn.component import Impact
from forewarn.outage import Act, Kind, Severity, Status
from forewarn.revise import Opened, Rejected, Repeat, Revised, Stale, Verdict
from tests.support.reports import NOON, Memory, after, alert, by_hand, firing, resolved

LEDGER = {"ledger-db": Impact.DEGRADED}


def test_a_first_report_opens_an_outage() -> None:
    memory = Memory()

    verdict = memory.hear(firing())

    assert isinstance(verdict, Opened)
    assert memory.last.facts.status is Status.INVESTIGATING
    assert memory.last.facts.components == {"card-payments": Impact.DOWN}
    assert not memory.last.by_person


def test_a_report_that_changes_nothing_is_a_repeat() -> None:
    memory = Memory()
    memory.hear(firing(0))
    before = memory.last

    verdict = memory.hear(firing(1))

    assert isinstance(verdict, Repeat)
    assert "INC-1" in verdict.reason
    assert memory.outages == [before]


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


def test_a_machine_s_resolved_means_monitoring_and_closes_nothing() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(resolved(5))

    assert news(verdict)
    assert memory.last.open
    assert memory.last.facts.status is Status.MONITORING
    assert memory.last.facts.components == {"card-payments": Impact.DOWN}, "impacts stay as they last were"


def test_monitoring_waits_for_the_last_firing_signal() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(0, "a2"))

    first = memory.hear(alert(5, "a1", ended=4))
    status_between = memory.last.facts.status
    memory.hear(alert(6, "a2", ended=5))

    assert isinstance(first, Repeat)
    assert status_between is Status.INVESTIGATING
    assert memory.last.facts.status is Status.MONITORING


def test_a_signal_that_fires_again_goes_back_to_investigating() -> None:
    memory = Memory()
    memory.hear(firing(0), resolved(5))

    verdict = memory.hear(firing(6))

    assert news(verdict)
    assert len(memory.outages) == 1
    assert memory.last.facts.status is Status.INVESTIGATING


def test_a_new_signal_joins_the_open_outage_of_its_group() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"))

    verdict = memory.hear(alert(1, "a2", components=LEDGER))

    assert news(verdict)
    assert len(memory.outages) == 1
    assert memory.last.facts.components == {"card-payments": Impact.DOWN} | LEDGER


def test_another_group_is_another_outage() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"))

    verdict = memory.hear(alert(1, "a2", group="{}:{region}"))

    assert isinstance(verdict, Opened)


def test_the_same_group_key_of_another_source_is_another_outage() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"))

    verdict = memory.hear(alert(1, "a2", source="grafana"))

    assert isinstance(verdict, Opened)


def test_the_worst_firing_signal_counts_for_each_component() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1", components={"card-payments": Impact.DEGRADED}))

    memory.hear(alert(1, "a2", components={"card-payments": Impact.DOWN}))
    worse = memory.last.facts.components
    memory.hear(alert(2, "a2", ended=2, components={"card-payments": Impact.DOWN}))

    assert worse == {"card-payments": Impact.DOWN}
    assert memory.last.facts.components == {"card-payments": Impact.DEGRADED}


def test_a_changed_set_of_alerts_alone_is_no_news() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1", facts={"symptoms": "pod 1 is away"}))

    joined = memory.hear(alert(1, "a2", facts={"symptoms": "pod 2 is away"}))
    left = memory.hear(alert(2, "a1", ended=2, facts={"symptoms": "pod 1 is away"}))

    assert not news(joined)
    assert not news(left)


def test_alerts_that_repeat_themselves_make_no_revisions() -> None:
    memory = Memory()
    webhook = [alert(0, key, facts={"symptoms": f"{key} is away"}) for key in ("a1", "a2")]
    memory.hear(*webhook)
    before = memory.last

    for at in (5, 10):
        memory.hear(*(replace(report, received_at=after(at)) for report in webhook))

    assert memory.last == before


def test_another_number_in_an_alert_s_words_is_no_news() -> None:
    memory = Memory()
    memory.hear(alert(0, facts={"symptoms": "error rate is 31 %"}))

    verdict = memory.hear(alert(1, facts={"symptoms": "error rate is 33 %"}))

    assert isinstance(verdict, Repeat)


def test_resolved_alerts_that_repeat_themselves_make_no_revisions() -> None:
    memory = Memory()
    severities = {"a1": Severity.CRITICAL, "a2": Severity.MINOR}
    memory.hear(*(alert(0, key, facts={"severity": severity}) for key, severity in severities.items()))
    ends = [
        alert(5, key, ended=4, facts={"severity": severity, "components": {}, "unknown_components": (key,)})
        for key, severity in severities.items()
    ]
    memory.hear(*ends)
    before = memory.last

    memory.hear(*(replace(report, received_at=after(6)) for report in ends))

    assert memory.last == before
    assert memory.last.facts.severity is Severity.CRITICAL


@pytest.mark.parametrize("said", [{"symptoms": "Payments fail."}, {"cause": "A full disk."}, {"action": "Restarting."}])
def test_a_machine_s_new_facts_are_news(said: dict[str, str]) -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(firing(1, facts=said))

    assert news(verdict)


def test_another_severity_alone_is_no_news_of_a_machine() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(firing(1, facts={"severity": Severity.MAJOR}))

    assert isinstance(verdict, Revised)
    assert not news(verdict)


def test_whatever_a_person_changes_is_news() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(by_hand(1, "INC-1", severity=Severity.MINOR))

    assert news(verdict)


def test_a_person_who_says_the_same_again_repeats() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(1, "INC-1", cause="A full disk."))

    verdict = memory.hear(by_hand(2, "INC-1", cause="A full disk."))

    assert isinstance(verdict, Repeat)


def test_what_a_person_stated_wins_until_a_person_changes_it() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(1, "INC-1", components={"card-payments": Impact.DEGRADED}))

    memory.hear(firing(2, components={"card-payments": Impact.DOWN} | LEDGER))
    held = memory.last.facts.components
    memory.hear(by_hand(3, "INC-1", components={"card-payments": Impact.DOWN}))

    assert held == {"card-payments": Impact.DEGRADED} | LEDGER
    assert memory.last.facts.components["card-payments"] is Impact.DOWN


def test_a_person_s_status_wins_over_a_machine_s_end() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(1, "INC-1", status=Status.IDENTIFIED))

    verdict = memory.hear(resolved(2))

    assert not news(verdict)
    assert memory.last.facts.status is Status.IDENTIFIED
    assert memory.last.observed.status is Status.MONITORING


def test_a_person_s_resolved_closes() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(by_hand(5, "INC-1", status=Status.RESOLVED))

    assert news(verdict)
    assert memory.last.closed_at == after(5)


def test_a_person_opens_investigating_and_speaks_by_the_same_key() -> None:
    memory = Memory()
    memory.hear(by_hand(0, key="cards", components=LEDGER))

    memory.hear(by_hand(1, key="cards", cause="A full disk."))

    assert [outage.name for outage in memory.outages] == ["INC-1"]
    assert memory.last.by_person
    assert memory.last.facts.status is Status.INVESTIGATING
    assert memory.last.facts.cause == "A full disk."


def test_a_person_s_maintenance_opens_scheduled_and_completed_closes_it() -> None:
    memory = Memory()
    memory.hear(by_hand(0, kind=Kind.MAINTENANCE, components=LEDGER))
    status = memory.last.facts.status

    memory.hear(by_hand(1, "MNT-1", status=Status.COMPLETED))

    assert status is Status.SCHEDULED
    assert not memory.last.open


def test_a_person_reopens_what_a_person_closed() -> None:
    memory = Memory()
    memory.hear(by_hand(0, components=LEDGER), by_hand(1, "INC-1", status=Status.RESOLVED))

    memory.hear(by_hand(2, "INC-1", status=Status.INVESTIGATING))

    assert memory.last.open


def test_a_signal_still_firing_after_a_person_closed_opens_nothing() -> None:
    memory = Memory()
    memory.hear(alert(0), by_hand(5, "INC-1", status=Status.RESOLVED))
    closed = memory.last

    verdict = memory.hear(alert(6, components=LEDGER))

    assert isinstance(verdict, Repeat)
    assert memory.outages == [closed]


def test_a_signal_still_firing_after_a_person_closed_joins_nothing_either() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), by_hand(5, "INC-1", status=Status.RESOLVED), alert(6, "a2", 6, components=LEDGER))

    memory.hear(alert(7, "a1"), alert(7, "a2", 6, components=LEDGER))

    assert [outage.name for outage in memory.outages] == ["INC-1", "INC-2"]
    assert memory.last.facts.components == LEDGER


def test_one_of_several_signals_that_ends_after_a_person_closed_is_no_news() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(0, "a2", components=LEDGER), by_hand(5, "INC-1", status=Status.RESOLVED))
    closed = memory.last

    verdict = memory.hear(alert(6, "a1", ended=6))

    assert isinstance(verdict, Repeat)
    assert memory.outages == [closed]


def test_a_new_episode_after_a_person_closed_opens_a_new_outage() -> None:
    memory = Memory()
    memory.hear(alert(0), by_hand(5, "INC-1", status=Status.RESOLVED), alert(6, ended=6))

    verdict = memory.hear(alert(9, started=8))

    assert isinstance(verdict, Opened)
    assert [outage.name for outage in memory.outages] == ["INC-1", "INC-2"]


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


def test_a_machine_s_unknown_component_opens_all_the_same() -> None:
    memory = Memory()

    verdict = memory.hear(firing(0, components={}, facts={"unknown_components": ("cards",)}))

    assert isinstance(verdict, Opened)
    assert memory.last.facts.unknown_components == ("cards",)


def test_a_component_is_no_longer_unknown_once_the_directory_knows_it() -> None:
    memory = Memory()
    memory.hear(firing(0, components={}, facts={"unknown_components": ("card-payments",)}))

    verdict = memory.hear(firing(1))

    assert news(verdict)
    assert memory.last.facts.unknown_components == ()
    assert memory.last.facts.components == {"card-payments": Impact.DOWN}


def test_a_person_s_unknown_component_is_rejected_with_its_name() -> None:
    verdict = Memory().hear(by_hand(0, unknown_components=("cards", "ledger")))

    assert isinstance(verdict, Rejected)
    assert "cards, ledger" in verdict.reason
    assert "import" in verdict.reason


def test_an_outage_that_is_not_there_is_named() -> None:
    verdict = Memory().hear(by_hand(0, "INC-9", cause="A full disk."))

    assert isinstance(verdict, Rejected)
    assert "INC-9" in verdict.reason


def test_a_machine_may_not_speak_about_an_outage_by_name() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(resolved(1, about="INC-1"))

    assert isinstance(verdict, Rejected)


@pytest.mark.parametrize("act", set(Act) - {Act.REPORT})
def test_an_act_that_is_not_carried_out_is_refused_aloud(act: Act) -> None:
    verdict = Memory().hear(by_hand(0, act=act))

    assert isinstance(verdict, Rejected)
    assert act.value in verdict.reason


def news(verdict: Verdict) -> bool:
    return isinstance(verdict, Opened) or (isinstance(verdict, Revised) and verdict.newsworthy)
