"""Facts, signals and outages as the record holds them, and back."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from forewarn.outage import Facts, Kind, Outage, Release
from forewarn.signal import Signal

_FACTS = TypeAdapter(Facts)
_SIGNAL = TypeAdapter(Signal)


def facts_to_json(facts: Facts) -> str:
    """Facts as JSON; what nobody said is left out."""
    return _FACTS.dump_json(facts, exclude_none=True).decode()


def facts_from_json(data: dict[str, Any]) -> Facts:
    return _FACTS.validate_python(data)


def signal_to_json(signal: Signal) -> str:
    return _SIGNAL.dump_json(signal, exclude={"outage_id"}).decode()


def signal_from_json(data: dict[str, Any], outage_id: int | None) -> Signal:
    return _SIGNAL.validate_python({**data, "outage_id": outage_id})


def outage_from_row(row: Mapping[str, Any]) -> Outage:
    """An outage from its row of the table `outage`."""
    return Outage(
        id=row["id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        source=row["source"],
        group=row["group_key"],
        revision=row["revision"],
        by_person=row["by_person"],
        test=row["test"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        release=Release(row["release"]),
        alert=row["alert"],
        withdrawn=row["withdrawn"],
        calm_since=row["calm_since"],
        merged_into=row["merged_into"],
        observed=facts_from_json(row["observed"]),
        stated=facts_from_json(row["stated"]),
    )
