"""What a person's word does to the record, and what it outweighs."""

from forewarn.component import Impact
from forewarn.outage import Kind, Severity, Status
from forewarn.revise import Rejected, Repeat
from tests.support.reports import TONIGHT, Memory, after, by_hand, firing, news, resolved

LEDGER = {"ledger-db": Impact.DEGRADED}


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


def test_planned_work_without_a_window_is_refused_and_says_what_to_do() -> None:
    verdict = Memory().hear(by_hand(0, kind=Kind.MAINTENANCE, components=LEDGER))

    assert isinstance(verdict, Rejected) and "say when it starts and ends" in verdict.reason


def test_a_person_s_maintenance_opens_scheduled_and_completed_closes_it() -> None:
    memory = Memory()
    memory.hear(by_hand(0, kind=Kind.MAINTENANCE, components=LEDGER, window=TONIGHT))
    status = memory.last.facts.status

    memory.hear(by_hand(11 * 60, "MNT-1", status=Status.COMPLETED))

    assert status is Status.SCHEDULED
    assert not memory.last.open


def test_to_confirm_what_was_never_tentative_repeats() -> None:
    sure, unsure = Memory(), Memory()
    sure.hear(by_hand(0, key="work", kind=Kind.MAINTENANCE, components=LEDGER, window=TONIGHT))
    unsure.hear(by_hand(0, key="work", kind=Kind.MAINTENANCE, components=LEDGER, window=TONIGHT, tentative=True))

    assert isinstance(sure.hear(by_hand(1, "MNT-1", tentative=False)), Repeat)
    assert news(unsure.hear(by_hand(1, "MNT-1", tentative=False)))
    assert isinstance(unsure.hear(by_hand(2, "MNT-1", tentative=False)), Repeat)


def test_a_person_reopens_what_a_person_closed() -> None:
    memory = Memory()
    memory.hear(by_hand(0, components=LEDGER), by_hand(1, "INC-1", status=Status.RESOLVED))

    memory.hear(by_hand(2, "INC-1", status=Status.INVESTIGATING))

    assert memory.last.open


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
