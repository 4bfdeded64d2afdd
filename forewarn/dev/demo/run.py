"""Run the demo: bring a house up, let an alert arrive, and say plainly who was told what, and when."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psycopg

from forewarn.dev.house import House, house, set_fast_clock
from forewarn.dev.sandbox.mail import Mail

HERE = Path(__file__).parent

FACTOR = 60.0
"""A minute passes in a second, so that nobody waits for the clock of an outage."""

POLICY = {"company": {"name": "Acme", "signed_by": "Dana Roth, Acme", "support": "support@acme.example"}}

PATIENCE_SECONDS = 30

AHEAD = {f"{name}@acme.example" for name in ("mara.lindqvist", "joel.okafor", "ines.carvalho", "tom.ashby")}
"""Support and account managers hear before any customer (W3)."""

Say = Callable[[str], None]


class DemoFailed(RuntimeError):
    """The demo did not come out as it should; the message says where."""


@dataclass(frozen=True, slots=True)
class Told:
    """One round: who was told, by when, and the sum over its notices."""

    mails: tuple[Mail, ...]
    seconds_first: float
    seconds_last: float


def demo(directory: Path, say: Say, ask: Callable[[], None]) -> dict[str, Any]:
    """The whole demo; `ask` is called before all is taken down again. Returns the sums that --json prints."""
    with house(directory, say, POLICY) as home:
        _people(home, say)
        set_fast_clock(home.database_url, FACTOR)
        first = _alert(home, say)
        update = _person(home, say, "identified", cause="A certificate of our card processor expired.")
        resolved = _person(home, say, "resolved", action="The processor renewed its certificate.")
        _read_one(home, say, first)
        say(f"\nEvery mail can be read at {home.sandbox.url}")
        ask()
        return _sums(home, first, update, resolved)


def _people(home: House, say: Say) -> None:
    for path, file in (("catalog", "catalog.yaml"), ("people?format=csv", "people.csv")):
        status, report = home.request("PUT", f"/v1/directory/{path}", (HERE / file).read_bytes())
        if status != 200 or report["faulty"]:
            raise DemoFailed(f"the directory was not taken: {report}")
    say("\nTwelve people: 6 customers of three companies, 2 in support, 2 account managers, an owner, a colleague.")
    with psycopg.connect(home.database_url) as connection:
        row = connection.execute("select token from subscriber where name = 'Owen Price'").fetchone()
    assert row is not None
    home.request("POST", f"/u/{row[0]}", b"List-Unsubscribe=One-Click")
    say("Owen Price, a customer, has unsubscribed.\n")


def _alert(home: House, say: Say) -> Told:
    payload = orjson.loads((HERE / "alert.json").read_bytes())
    payload["alerts"][0]["startsAt"] = (datetime.now(UTC) - timedelta(seconds=20)).isoformat()
    began = time.time()
    status, answer = home.request("POST", "/v1/sources/alertmanager", orjson.dumps(payload), "alertmanager")
    if status != 202:
        raise DemoFailed(f"the alert was not taken: {answer}")
    told = _round(home, began, 11, after=0)
    say("An alert arrives from Alertmanager: CardPaymentsFailing, critical.")
    ahead = {mail.recipients[0] for mail in told.mails[: len(AHEAD)]}
    if ahead != AHEAD:
        raise DemoFailed(f"support and account managers were not told first, but {sorted(ahead)}")
    say(f"INC-1 opens. 11 of 12 are told in {told.seconds_last:.1f} s, support and account managers before customers.")
    say("1 is not: Owen Price, because an unsubscribe always wins.")
    return told


def _person(home: House, say: Say, status: str, **facts: str) -> Told:
    event = {"about": "INC-1", "status": status, "signed_by": "Dana Roth, Acme", **facts}
    before = home.sandbox.count()["accepted"]
    began = time.time()
    answered, answer = home.request("POST", "/v1/events", orjson.dumps(event), "dana")
    if answered != 202:
        raise DemoFailed(f"Dana's event was not taken: {answer}")
    told = _round(home, began, 11, after=before)
    words = " ".join(facts.values())
    what = "resolves" if status == "resolved" else "updates"
    say(f"Dana Roth {what} INC-1: “{words}” All {len(told.mails)} who were told hear it in {told.seconds_last:.1f} s.")
    return told


def _round(home: House, began: float, expected: int, after: int) -> Told:
    """Wait until everybody is accounted for, then see that exactly the expected number was told once."""
    home.sandbox.wait_for(after + expected, PATIENCE_SECONDS)
    end = time.monotonic() + PATIENCE_SECONDS
    while not _accounted(home):
        if time.monotonic() > end:
            raise DemoFailed("not everybody was accounted for in time")
        time.sleep(0.05)
    mails = tuple(home.sandbox.messages()[after:])
    if len({mail.recipients for mail in mails}) != expected or len(mails) != expected:
        raise DemoFailed(f"{len(mails)} mails left instead of {expected}, one each")
    moments = sorted(mail.accepted_at.timestamp() - began for mail in mails)
    return Told(mails, moments[0], moments[-1])


def _accounted(home: House) -> bool:
    _, incident = home.request("GET", "/v1/outages/INC-1", token="rita", desk=True)
    drained = all(notice["state"] in ("drained", "replaced") for notice in incident["notices"])
    return bool(drained and incident["sum"]["open"] == 0)


def _read_one(home: House, say: Say, told: Told) -> None:
    mail = next(mail for mail in told.mails if mail.recipients[0].startswith("kenji."))
    opened = home.sandbox.read(mail.n)
    say(f"\nWhat {_name(home, mail)} in Tokyo read first:\n")
    say(
        "\n".join(
            f"    {line}".rstrip() for line in (f"Subject: {mail.subject}", "", *(opened.text or "").splitlines())
        )
    )


def _name(home: House, mail: Mail) -> str:
    return (home.sandbox.read(mail.n).header("To") or "").partition("<")[0].strip(' "')


def _sums(home: House, first: Told, update: Told, resolved: Told) -> dict[str, Any]:
    _, incident = home.request("GET", "/v1/outages/INC-1", token="rita", desk=True)
    names = ("planned", "accepted", "suppressed", "failed", "unknown", "moved")
    rounds = {"first": first, "update": update, "resolved": resolved}
    return {
        **{name: incident["sum"][name] for name in names},
        "accounted": incident["sum"]["accounted"],
        "seconds_first": round(first.seconds_first, 3),
        "seconds_last": round(first.seconds_last, 3),
        "occasions": {
            name: {
                "told": len(told.mails),
                "seconds_first": round(told.seconds_first, 3),
                "seconds_last": round(told.seconds_last, 3),
            }
            for name, told in rounds.items()
        },
    }


def wait_for_enter() -> None:
    """Let a person read; a program is not kept waiting."""
    if sys.stdin.isatty():
        sys.stdout.write("Press Enter to stop. ")
        sys.stdout.flush()
        sys.stdin.readline()
