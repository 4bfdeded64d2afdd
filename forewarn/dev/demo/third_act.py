"""Act 3: planned work, from its announcement to its end, while an hour passes in twenty seconds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from forewarn.dev.demo.first_act import FILES, taken
from forewarn.dev.demo.rounds import PATIENCE_SECONDS, DemoFailed
from forewarn.dev.house import House, set_fast_clock

FACTOR = 180.0
"""Three minutes pass in a second."""

POLICY: dict[str, Any] = {"maintenance": {"progress_percent": [50]}, "delivery": {"head_start_seconds": 0.5}}
"""A head start of seconds would be minutes here."""

READER = "kenji."

Say = Callable[[str], None]


class Work:
    """One piece of planned work, said by a person over HTTP, and what customers read of it."""

    def __init__(self, home: House, say: Say) -> None:
        self._home, self._say, self._seen = home, say, 0
        self.rounds: dict[str, int] = {}

    def now(self) -> datetime:
        _, status = self._home.request("GET", "/v1/status", token="rita", desk=True)
        return datetime.fromisoformat(status["now"])

    def says(self, **facts: Any) -> None:
        event = {"kind": "maintenance", "signed_by": "Dana Roth, Acme"} | facts
        status, answer = self._home.request("POST", "/v1/events", orjson.dumps(event), "dana")
        if status != 202:
            raise DemoFailed(f"dana's event was not taken: {answer}")

    def told(self, occasion: str, what: str, times: int = 1) -> None:
        """Wait until everybody was told on this occasion; say who was, and what Kenji in Tokyo reads."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._drained(occasion, times):
            if time.monotonic() > end:
                raise DemoFailed(f"{occasion} was not told in time: {self._notices()}")
            time.sleep(0.05)
        mails = self._home.sandbox.messages()[self._seen :]
        self._seen += len(mails)
        mine = next((mail for mail in mails if mail.recipients[0].startswith(READER)), None)
        if mine is None:
            raise DemoFailed(f"{occasion}: Kenji Morita got no mail")
        self.rounds[occasion if times == 1 else f"{occasion}_{times}"] = len(mails)
        lines = (self._home.sandbox.read(mine.n).text or "").splitlines()
        self._say(f"\n{self.now().astimezone(UTC):%H:%M} UTC. {what} {len(mails)} people are told.")
        for line in lines[: _second_gap(lines)]:
            self._say(f"    {line}".rstrip())

    def _notices(self) -> list[dict[str, Any]]:
        status, work = self._home.request("GET", "/v1/outages/MNT-1", token="rita", desk=True)
        return list(work["notices"]) if status == 200 else []

    def _drained(self, occasion: str, times: int) -> bool:
        mine = [n for n in self._notices() if n["occasion"] == occasion]
        return len(mine) == 2 * times and all(n["state"] == "drained" for n in mine)


def _second_gap(lines: list[str]) -> int:
    """Where the second paragraph ends."""
    gaps = [place for place, line in enumerate(lines) if not line]
    return gaps[1] if len(gaps) > 1 else len(lines)


def third_act(home: House, say: Say) -> dict[str, Any]:
    """All of act 3 in a house of its own. Returns the sums that --json prints."""
    for path, file in FILES.items():
        taken(home, path, file.read_bytes())
    began = time.monotonic()
    set_fast_clock(home.database_url, FACTOR)
    work = Work(home, say)
    start = work.now().replace(second=0, microsecond=0) + timedelta(minutes=16)
    window = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    said = {"impact": "degraded", "window": window, "benefit": "Card payments will be confirmed twice as fast."}
    work.says(components=["card-payments"], **said)
    work.told("reminder", "Dana Roth plans an hour of work in a quarter of an hour; its class asks for more notice.")
    work.told("starting", "It begins.")
    work.says(about="MNT-1", status="in_progress")
    work.told("progress", "Half of the time is over.")
    work.told("overrun", "Nobody has said that it is done, so this leaves by itself before its planned end.")
    later = (work.now() + timedelta(minutes=45)).replace(second=0, microsecond=0)
    work.says(about="MNT-1", expected_end=later.isoformat())
    work.told("overrun", "Dana Roth needs longer.", times=2)
    work.says(about="MNT-1", status="completed")
    work.told("completed", "It is done.")
    return {"seconds": round(time.monotonic() - began, 1), "rounds": work.rounds}
