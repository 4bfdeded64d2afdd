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


def carried_over(pauses: list[PauseView], merged: str, into: str) -> list[PauseView]:
    """The pauses as they will stand once one incident is part of another."""
    return [p.model_copy(update={"incident": into}) if p.incident == merged else p for p in pauses]


def pauses_of(pauses: list[PauseView], outage: str | None) -> list[PauseView]:
    """Those that keep something of this outage from leaving, by any channel."""
    return [p for p in pauses if p.incident in (None, outage)]
