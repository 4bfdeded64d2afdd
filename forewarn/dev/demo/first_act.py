"""Act 1: fifteen named people, one alert, and plainly who of them was told what, and when."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import psycopg

from forewarn.dev.demo.rounds import DemoFailed, Round, Watch
from forewarn.dev.house import House, set_fast_clock

HERE = Path(__file__).parent
FILES = {"catalog": HERE / "catalog.yaml", "people?format=csv": HERE / "people.csv"}

FACTOR, NIGHT_FACTOR = 60.0, 600.0
"""A minute passes in a second, and a night in a few, so that nobody waits for the clock of an outage."""

ASLEEP, GONE = "noor.haddad@kranich.example", "owen.price@tilda.example"
INSIDE, CUSTOMERS = 6, 9

Say = Callable[[str], None]


def first_act(home: House, say: Say) -> dict[str, Any]:
    """All of act 1 in a house of its own. Returns the sums that --json prints."""
    watch = Watch(home)
    set_fast_clock(home.database_url, FACTOR)
    _people(home, watch, say)
    rounds = _incident(home, watch, say)
    _read(home, say, rounds)
    return watch.sums(rounds)


def _incident(home: House, watch: Watch, say: Say) -> dict[str, Round]:
    """One incident from the alert to the last sleeper, each round checked."""
    rounds = {}
    alerted = _alert(home)
    rounds["inside"] = watch.round("first", alerted, INSIDE)
    say("An alert arrives from Alertmanager: CardPaymentsFailing, severity error. INC-1 opens.")
    say(f"The {INSIDE} people inside are told in {rounds['inside'].seconds_last:.1f} s. Customers are held back:")
    say("an alert that is not critical reaches them when a person releases it.")
    watch.held("person")
    watch.until_told(timedelta(minutes=3))

    began = watch.act("release", "dana", next_update_at=(watch.now() + timedelta(minutes=12)).isoformat())
    rounds["first"] = told = watch.round("first", began, INSIDE + CUSTOMERS - 2, outside=True)
    say("\nThree minutes later Dana Roth releases it, and promises more within twelve minutes.")
    say(f"{len(told.customers)} of {CUSTOMERS} customers are told in {told.seconds_last:.1f} s, the inside first.")
    say("1 will be later: Noor Haddad, because of her quiet hours. 1 is not: Owen Price, who has unsubscribed.")

    rounds["holding"] = held = watch.round("holding", None, INSIDE + CUSTOMERS - 2)
    say("\nNobody writes. Before the promised time runs out, a holding notice leaves by itself:")
    say(f"{len(held.mails)} are told, {watch.kept()}.")

    cause = "A certificate of our card processor expired."
    rounds["wrong"] = watch.round("update", watch.act("report", "dana", status="identified", cause=cause), 13)
    say(f"\nDana Roth updates INC-1: “{cause}”")
    right = "Our own certificate had expired, not that of our card processor."
    rounds["correction"] = back = watch.round("correction", watch.act("correct", "dana", cause=right), 13)
    if back.readers != rounds["wrong"].readers:
        raise DemoFailed("the correction did not reach exactly whoever had been told")
    say(f"That was wrong. She takes it back: “{right}” Exactly the {len(back.mails)} who were told hear it.")

    fixed = "We renewed the certificate."
    began = watch.act("report", "dana", status="resolved", action=fixed)
    rounds["resolved"] = watch.round("resolved", began, 13)
    say(f"\nDana Roth resolves INC-1: “{fixed}” Everybody who was told hears it.")

    set_fast_clock(home.database_url, NIGHT_FACTOR)
    rounds["wake"] = woken = watch.round("wake", None, 1)
    if woken.readers != {ASLEEP}:
        raise DemoFailed(f"the sleeper's mail went to {sorted(woken.readers)}")
    say("When her quiet hours end, Noor Haddad gets one mail: what it was, and that it is over.")
    return rounds


def _people(home: House, watch: Watch, say: Say) -> None:
    for path, file in FILES.items():
        taken(home, path, file.read_bytes())
    taken(home, "people?format=csv", _with_quiet_hours((HERE / "more.csv").read_text(), watch.now()))
    say("\nFifteen people: 9 customers of three companies, 2 in support, 2 account managers, an owner, a colleague.")
    with psycopg.connect(home.database_url) as connection:
        row = connection.execute("select token from subscriber where name = 'Owen Price'").fetchone()
    assert row is not None
    home.request("POST", f"/u/{row[0]}", b"List-Unsubscribe=One-Click")
    say("Owen Price, a customer, has unsubscribed. Noor Haddad is asleep: these are her quiet hours.\n")


def _with_quiet_hours(people: str, now: datetime) -> bytes:
    """The last of these people sleeps now, and for about an hour."""
    head, *rows = people.splitlines()
    here = now.astimezone(ZoneInfo(rows[-1].rpartition(",")[2]))
    hours = f"{here - timedelta(hours=5):%H:%M},{here + timedelta(minutes=60):%H:%M}"
    lines = [f"{head},quiet_from,quiet_to", *(f"{row},," for row in rows[:-1]), f"{rows[-1]},{hours}"]
    return "\n".join(lines).encode()


def taken(home: House, path: str, body: bytes) -> None:
    """Import a file. Raises DemoFailed if any of it was not taken."""
    status, report = home.request("PUT", f"/v1/directory/{path}", body)
    if status != 200 or report["faulty"]:
        raise DemoFailed(f"the directory was not taken: {report}")


def _alert(home: House) -> float:
    payload = orjson.loads((HERE / "alert.json").read_bytes())
    payload["alerts"][0]["startsAt"] = (datetime.now(UTC) - timedelta(seconds=20)).isoformat()
    began = time.time()
    status, answer = home.request("POST", "/v1/sources/alertmanager", orjson.dumps(payload), "alertmanager")
    if status != 202:
        raise DemoFailed(f"the alert was not taken: {answer}")
    return began


def _read(home: House, say: Say, rounds: dict[str, Round]) -> None:
    for name in ("first", "correction"):
        mail = next(mail for mail in rounds[name].mails if mail.recipients[0].startswith("kenji."))
        lines = (f"Subject: {mail.subject}", "", *(home.sandbox.read(mail.n).text or "").splitlines())
        say(f"\nWhat Kenji Morita in Tokyo read{' first' if name == 'first' else ', corrected'}:\n")
        say("\n".join(f"    {line}".rstrip() for line in lines))
