"""What the ledger counts of settlements."""

from datetime import UTC, datetime, timedelta

from prometheus_client import REGISTRY

from services.planner.outcomes import RecordedOutcomes
from tests.services.planner.desks import Office, an_incident


def counted() -> tuple[float, float]:
    count, total = (
        REGISTRY.get_sample_value(f"forewarn_settle_lag_seconds_{part}") or 0.0 for part in ("count", "sum")
    )
    return count, total


def test_the_way_from_acceptance_to_ledger_is_timed_and_a_settlement_without_one_is_not(desk: Office) -> None:
    desk.says("dana", **an_incident())
    desk.freeze()
    (batch,) = desk.rows("select id, outcomes from batch")
    outcomes, accepted = RecordedOutcomes(desk.planner), datetime.now(UTC) - timedelta(seconds=7)
    before = counted()

    outcomes.lay_over(batch["id"], batch["outcomes"], None, None)
    outcomes.lay_over(batch["id"], batch["outcomes"].replace(".", "a"), accepted, accepted)

    count, seconds = (now - then for now, then in zip(counted(), before, strict=True))
    assert count == 1 and 7 <= seconds < 20
