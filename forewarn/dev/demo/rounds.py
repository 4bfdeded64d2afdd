"""Rounds of the demo: an act, the mails it brings about, and whether they are what was promised."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from forewarn.dev.house import House
from forewarn.dev.sandbox.mail import Mail

PATIENCE_SECONDS = 45


class DemoFailed(RuntimeError):
    """The demo did not come out as it should; the message says where."""


@dataclass(frozen=True, slots=True)
class Round:
    """Who was told, and how many seconds after the act; of what the clock does by itself, after the wait for it."""

    mails: tuple[Mail, ...]
    seconds_first: float
    seconds_last: float

    @property
    def readers(self) -> set[str]:
        return {mail.recipients[0] for mail in self.mails}

    @property
    def customers(self) -> set[str]:
        """Readers who are no colleagues."""
        return {reader for reader in self.readers if not reader.endswith("@acme.example")}


class Watch:
    """Acts as a person does, over HTTP, and counts the mails that follow."""

    def __init__(self, home: House) -> None:
        self._home, self._seen = home, 0

    def now(self) -> datetime:
        """The time that people read."""
        _, status = self._home.request("GET", "/v1/status", token="rita", desk=True)
        return datetime.fromisoformat(status["now"])

    def until_told(self, span: timedelta) -> None:
        """Let so much time pass, as people read it."""
        end = self.now() + span
        while self.now() < end:
            time.sleep(0.1)

    def act(self, act: str, author: str, **facts: str) -> float:
        """An act on INC-1; the moment when it began."""
        event = {"about": "INC-1", "act": act, "signed_by": "Dana Roth, Acme", **facts}
        began = time.time()
        status, answer = self._home.request("POST", "/v1/events", orjson.dumps(event), author)
        if status != 202:
            raise DemoFailed(f"{author}'s event was not taken: {answer}")
        return began

    def incident(self) -> dict[str, Any]:
        _, incident = self._home.request("GET", "/v1/outages/INC-1", token="rita", desk=True)
        return dict(incident)

    def held(self, reason: str) -> None:
        """See that customers are held back for this reason."""
        outside = [n for n in self.incident()["notices"] if n["side"] == "outside"]
        if [(n["state"], n["reason"]) for n in outside] != [("held", reason)]:
            raise DemoFailed(f"customers were not held back: {outside}")

    def kept(self) -> str:
        """What became of the first promise to customers; its answer is recorded with the holding notice's end."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            first = next(n for n in self.incident()["notices"] if n["side"] == "outside" and n["promised_at"])
            if first["promise"] == "kept":
                return "and the promise is kept"
            time.sleep(0.1)
        raise DemoFailed(f"the promise was not kept: {first}")

    def round(self, occasion: str, began: float | None, expected: int, outside: bool = False) -> Round:
        """Wait for exactly so many mails, one each, and until the occasion's notices have no open position."""
        began = time.time() if began is None else began
        self._home.sandbox.wait_for(self._seen + expected, PATIENCE_SECONDS)
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._drained(occasion, outside):
            if time.monotonic() > end:
                raise DemoFailed(f"not everybody was accounted for in time: {self.incident()['notices']}")
            time.sleep(0.05)
        mails = tuple(self._home.sandbox.messages()[self._seen :])
        if len({mail.recipients for mail in mails}) != expected or len(mails) != expected:
            raise DemoFailed(f"{occasion}: {len(mails)} mails left instead of {expected}, one each")
        self._seen += expected
        moments = sorted(mail.accepted_at.timestamp() - began for mail in mails)
        return Round(mails, moments[0], moments[-1])

    def sums(self, rounds: dict[str, Round]) -> dict[str, Any]:
        """What --json prints."""
        incident = self.incident()
        names = ("planned", "accepted", "suppressed", "failed", "unknown", "moved")
        return {
            **{name: incident["sum"][name] for name in names},
            "accounted": incident["sum"]["accounted"],
            "seconds_first": round(rounds["first"].seconds_first, 3),
            "seconds_last": round(rounds["first"].seconds_last, 3),
            "rounds": {
                name: {
                    "told": len(told.mails),
                    "seconds_first": round(told.seconds_first, 3),
                    "seconds_last": round(told.seconds_last, 3),
                }
                for name, told in rounds.items()
            },
        }

    def _drained(self, occasion: str, outside: bool) -> bool:
        notices = [n for n in self.incident()["notices"] if n["occasion"] == occasion]
        mine = [n for n in notices if n["state"] != "held" and (not outside or n["side"] == "outside")]
        return bool(mine) and all(n["state"] in ("drained", "replaced") for n in mine)
