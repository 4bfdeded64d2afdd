"""The logbook: every act on an incident, who did it, when, and which revision they had seen."""

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table

from forewarn.cli.tables import NOTHING, cell, moment, table
from forewarn.contracts.api import LogEntry


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
