"""Who heard what, as the provider's own record has it: by whom, in which order, and whose answer was never sent."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import orjson

from forewarn.dev.demo.proof import WEBHOOK
from forewarn.dev.sandbox.acceptances import Acceptance, split_id
from forewarn.dev.sandbox.lines import ID_HEADER, recipients_of, value_of
from tests.chaos.scene import Person

EMAIL = "email"


def channel_of(heard: Acceptance) -> str:
    """SES and the relay are one."""
    return WEBHOOK if heard.provider == WEBHOOK else EMAIL


def person_of(heard: Acceptance) -> Person:
    """Who was told what, by which channel."""
    return heard.notice, channel_of(heard), heard.subscriber_id


def told_by_the_provider(record: Iterable[Acceptance]) -> set[Person]:
    """Who was accepted at least once."""
    return set(map(person_of, record))


def disordered(record: Sequence[Acceptance], serials: Mapping[str, tuple[int, int]]) -> int:
    """How many heard a later notice of an outage before an earlier one on a channel; `serials`: outage and place."""
    newest: dict[tuple[str, int, int], int] = {}
    wrong = set()
    for heard in sorted(record, key=lambda each: each.accepted_at):
        outage, serial = serials.get(heard.notice, (0, 0))
        who = channel_of(heard), heard.subscriber_id, outage
        if serial < newest.setdefault(who, serial):
            wrong.add(who)
        newest[who] = max(serial, newest[who])
    return len(wrong)


def taken_without_an_answer(record: Path, between: tuple[float, float]) -> set[Person]:
    """Whom calls of SES were for that it took between these moments (Unix seconds) as the last of their connections.

    A caller whose answer does not come hangs up. To be asked when all is over: a connection that lives on has spoken
    again by then.
    """
    last = dict[int, set[Person]]()
    with record.open("rb") as lines:
        for line in map(orjson.loads, lines):
            if "entries" in line:
                then = between[0] <= line["accepted_at"] <= between[1]
                last[line["connection"]] = _people(line) if then else set()
    return set[Person]().union(*last.values())


def _people(line: Mapping[str, object]) -> set[Person]:
    ids = line["entries"]["headers"][ID_HEADER]  # type: ignore[index]
    split = (split_id(value_of(ids, place)) for place in range(len(recipients_of(line))))  # type: ignore[arg-type]
    return {(notice, EMAIL, subscriber) for notice, subscriber in split}
