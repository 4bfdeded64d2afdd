"""The logbook: every act on an outage, who did it, when, and which revision they had seen."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.table import Table

from forewarn.cli.client import Client
from forewarn.cli.tables import NOTHING, cell, moment, put, table
from forewarn.contracts.api import LogEntry


def put_log(client: Client, outage: str, as_json: bool) -> None:
    """Print who acted on this outage."""
    acts, now = client.log(outage), datetime.now(UTC)
    put(acts, as_json, lambda: logbook(acts, now) if acts else f"Nobody acted on {outage} yet.")


def logbook(acts: Sequence[LogEntry], now: datetime) -> Table:
    """One line an act, in the order in which they came."""
    made = table("When", "Who", "Act", "Seen", "Made", "What", wrap=("Who", "What"))
    for each in acts:
        who = f"{each.author} ({each.role})" if each.author else each.role
        what = f"{each.what} ({each.verdict})" if each.verdict not in (None, "opened", "revised") else each.what
        numbers = (_number(each.from_revision), _number(each.revision))
        made.add_row(moment(each.at, now), cell(who), cell(each.act), *numbers, cell(what))
    return made


def _number(revision: int | None) -> str:
    return NOTHING if revision is None else str(revision)
