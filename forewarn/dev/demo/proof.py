"""The proof: what the provider recorded, laid beside what the ledger says, person by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import class_row, dict_row

from forewarn.dev.sandbox.acceptances import Acceptance

HERE = Path(__file__).parent
WEBHOOK = "webhook"

READER = """
select h.address, s.name, z.name as zone
from heard h join subscriber s on s.id = h.subscriber_id join zone z on z.id = s.zone_id
where h.channel = 'email' and not s.inside
order by array_position(%(zones)s, z.name), s.id limit 1
"""
FAR_AWAY = ["Asia/Tokyo", "America/New_York", "Europe/Berlin"]
"""Whoever reads there is shown first: one sees that times are the reader's own."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who was written to."""

    address: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How record and ledger compare, in people by notice and channel; seconds count from the event.

    `lost`: accepted by the ledger, unknown to the provider. `doubled`: more than one message to one person.
    `unbidden`: taken by the provider, not in the ledger. `misled`: at somebody else's address.
    """

    accepted: int
    lost: int
    doubled: int
    unbidden: int
    misled: int
    seconds_first: float
    seconds_last: float
    reader: Reader

    @property
    def faults(self) -> int:
        return self.lost + self.doubled + self.unbidden + self.misled

    @property
    def per_second(self) -> float:
        """People told a second, from the event to the last of them."""
        return self.accepted / self.seconds_last


def prove(database_url: str, record: Iterable[Acceptance], began: float) -> Proof:
    """Copy the record beside the ledger and compare; `began` is the event's moment in Unix seconds."""
    first, last = float("inf"), 0.0
    with psycopg.connect(database_url) as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute((HERE / "heard.sql").read_text())
        with cursor.copy("copy heard from stdin") as copy:
            for acceptance in record:
                copy.write_row(_row(acceptance))
                first, last = min(first, acceptance.accepted_at), max(last, acceptance.accepted_at)
        cursor.execute("analyze heard")
        counts = cursor.execute((HERE / "compared.sql").read_text()).fetchone()
        reader = connection.cursor(row_factory=class_row(Reader)).execute(READER, {"zones": FAR_AWAY}).fetchone()
    assert counts is not None and reader is not None
    return Proof(**counts, seconds_first=first - began, seconds_last=last - began, reader=reader)


def _row(acceptance: Acceptance) -> tuple[str, str, int, str]:
    channel = WEBHOOK if acceptance.provider == WEBHOOK else "email"
    return channel, acceptance.notice, acceptance.subscriber_id, acceptance.address
