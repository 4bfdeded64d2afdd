"""The pauses that stand, as people read them."""

from pathlib import Path

from forewarn.contracts.api import PauseView
from forewarn.outage import PREFIX, Kind
from forewarn.runtime.postgres import Connection, queries

SQL = queries(Path(__file__).parent / "sql")


def standing_pauses(connection: Connection) -> list[PauseView]:
    """Every pause that was not lifted, oldest first."""
    rows = connection.execute(SQL["pauses"]).fetchall()
    return [
        PauseView(
            id=row["id"],
            channel=row["channel"],
            incident=f"{PREFIX[Kind(row['kind'])]}-{row['number']}" if row["number"] else None,
            reason=row["reason"],
            author=row["author"],
            at=row["at"],
        )
        for row in rows
    ]


def paused_by(pauses: list[PauseView], channel: str, outage: str | None) -> bool:
    """Whether one of these keeps a channel of an outage from leaving."""
    return any(p.channel in (None, channel) and p.incident in (None, outage) for p in pauses)
