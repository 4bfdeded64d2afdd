"""Act 2: a crowd, one incident that touches everybody, and a sum that comes out even."""

import time
from collections import Counter
from dataclasses import asdict
from typing import Any

import orjson

from forewarn.dev.demo.crowd import MostOf, Say, hand_in
from forewarn.dev.demo.proof import Proof, prove
from forewarn.dev.demo.rounds import DemoFailed
from forewarn.dev.generate.directory import directory
from forewarn.dev.generate.people import ONE_WEBHOOK_OF
from forewarn.dev.house import House

COUNTS = ("planned", "accepted", "suppressed", "failed", "unknown", "moved")
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 60
PATIENCE_EACH_SECONDS = 1 / 1_000
"""A machine that needs longer than a millisecond for each is not waited for."""

Sums = dict[str, Counter[str]]


def second_act(home: House, show: MostOf, subscribers: int) -> dict[str, Any]:
    """All of act 2 in an empty house. Returns the figures that --json prints."""
    home.sandbox.behave(ses={"checks": False})  # to check a call takes it five times as long as to take it
    made = directory(subscribers)
    seconds = hand_in(home, made, show)
    crowd = f"{subscribers:,} people of {len(made.catalog.accounts):,} accounts, in {len(made.places)} time zones"
    show.say(f"{crowd}, handed in within {seconds:.1f} s.")
    began = _incident(home, made.catalog.touching(1.0), show.say)
    sums = _watched(home, show, subscribers)
    proof = prove(home.database_url, home.sandbox.acceptances(), began)
    _even(sums, proof, subscribers)
    _told(show.say, sums, proof)
    _read(home, proof, show.say)
    return _figures(sums, proof, seconds)


def _incident(home: House, component: str, say: Say) -> float:
    """Dana reports it; the moment when she did."""
    event = {
        "components": [component],
        "impact": "down",
        "severity": "major",
        "status": "investigating",
        "symptoms": "Nothing of ours can be reached from outside.",
        "signed_by": "Dana Roth, Acme",
    }
    began = time.time()
    status, answer = home.request("POST", "/v1/events", orjson.dumps(event), "dana")
    if status != 202:
        raise DemoFailed(f"dana's event was not taken: {answer}")
    say("\nDana Roth reports that the network is down. Everything needs it, so everybody is told.\n")
    return began


def _watched(home: House, show: MostOf, subscribers: int) -> Sums:
    """Look on until everybody is accounted for; the sums by channel."""
    end = time.monotonic() + PATIENCE_SECONDS + subscribers * PATIENCE_EACH_SECONDS
    with show.bar() as bar:
        while True:
            planned, left = _so_far(home)
            bar("accounted for", planned - left, max(planned, subscribers))
            notices = [] if left or not planned else _notices(home)
            if {n["side"] for n in notices} == {"inside", "outside"} and all(n["state"] == "drained" for n in notices):
                return _by_channel(notices)
            if time.monotonic() > end:
                raise DemoFailed(f"not everybody was accounted for in time: {_notices(home) or _outcome(home)}")
            time.sleep(LOOK_SECONDS)


def _so_far(home: House) -> tuple[int, int]:
    """Planned and still open: the short answer of the desk, which can be asked ten times a second."""
    status, answer = home.request("GET", "/v1/status", token="rita", desk=True)
    sums = [row["sum"] for row in answer["outages"]] if status == 200 else []
    return sum(each["planned"] for each in sums), sum(each["open"] for each in sums)


def _notices(home: House) -> list[dict[str, Any]]:
    """Those that tell it for the first time: whoever sleeps is told by others, in the morning."""
    status, incident = home.request("GET", "/v1/outages/INC-1", token="rita", desk=True)
    return [n for n in incident["notices"] if n["occasion"] == "first"] if status == 200 else []


def _outcome(home: House) -> str:
    """Why there is no notice at all, as far as the desk knows."""
    _, failed = home.request("GET", "/v1/failed", token="rita", desk=True)
    _, status = home.request("GET", "/v1/status", token="rita", desk=True)
    return f"no notice; failed events: {failed}; status: {status}"


def _by_channel(notices: list[dict[str, Any]]) -> Sums:
    sums: Sums = {}
    for notice in notices:
        of_channel = sums.setdefault(notice["channel"], Counter())
        of_channel.update({name: notice["sum"][name] for name in (*COUNTS, "open")})
    return sums


def _even(sums: Sums, proof: Proof, subscribers: int) -> None:
    """Nobody of the directory was left out, the sums come out even, and the provider tells the same."""
    expected = {"email": subscribers, "webhook": len(range(1, subscribers, ONE_WEBHOOK_OF))}
    planned = {channel: each["planned"] for channel, each in sums.items()}
    if planned != expected:
        raise DemoFailed(f"planned were {planned} instead of {expected}")
    for channel, each in sums.items():
        if each["planned"] != sum(each[name] for name in COUNTS[1:]):
            raise DemoFailed(f"the sum of {channel} does not come out even: {dict(each)}")
    accepted = sum(each["accepted"] for each in sums.values())
    if proof.faults or accepted != proof.accepted:
        raise DemoFailed(f"the desk says {accepted} were accepted; sandbox and ledger compared: {proof}")


def _told(say: Say, sums: Sums, proof: Proof) -> None:
    say("".join(f"{head:>11}" for head in ("", *COUNTS)))
    for channel, each in sorted(sums.items()):
        say("".join(f"{cell:>11}" for cell in (channel, *(f"{each[name]:,}" for name in COUNTS))))
    say("\nSuppressed: they have unsubscribed. Moved: they sleep now and are told when their quiet hours end.")
    say(f"The first was told {proof.seconds_first:.2f} s after the report, the last after {proof.seconds_last:.1f} s:")
    say(f"{proof.per_second:,.0f} people a second.")
    say(f"\nThe provider's own record, compared with the ledger person by person: {proof.accepted:,} accepted in both,")
    say(f"{proof.lost} lost, {proof.doubled} doubled.")


def _read(home: House, proof: Proof, say: Say) -> None:
    mail = home.sandbox.messages(proof.reader.address)[0]
    lines = (f"Subject: {mail.subject}", "", *(home.sandbox.read(mail.n).text or "").splitlines())
    say(f"\nWhat {proof.reader.name} read, whose clock is that of {proof.reader.zone}:\n")
    say("\n".join(f"    {line}".rstrip() for line in lines))


def _figures(sums: Sums, proof: Proof, import_seconds: float) -> dict[str, Any]:
    whole = sum(sums.values(), Counter[str]())
    channels = {channel: {name: each[name] for name in COUNTS} for channel, each in sorted(sums.items())}
    return {
        **{name: whole[name] for name in COUNTS},
        "accounted": 1 - whole["open"] / whole["planned"],
        "channels": channels,
        "seconds_import": round(import_seconds, 3),
        "seconds_first": round(proof.seconds_first, 3),
        "seconds_last": round(proof.seconds_last, 3),
        "recipients_per_second": round(proof.per_second),
        "record": {name: count for name, count in asdict(proof).items() if isinstance(count, int)},
    }
