"""What one machine's report does to the record."""

from dataclasses import replace

import pytest

from forewarn.component import Impact
from forewarn.outage import Severity, Status
from forewarn.revise import Opened, Repeat, Revised
from tests.support.reports import Memory, after, alert, firing, news, resolved

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
