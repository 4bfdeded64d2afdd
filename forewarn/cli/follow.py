"""Following: ask the desk until it knows what became of an event, or until everybody is accounted for."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from forewarn.cli.client import Client
from forewarn.cli.hold import held_by_rule
from forewarn.cli.trouble import Trouble
from forewarn.contracts.api import EventProgress, EventState, NoticeView, OutageView, Sum

STATE_SECONDS = 5.0
ACCOUNTED_SECONDS = 30.0
PAUSE_SECONDS = 0.2
PLANNED_SECONDS = 3.0
"""By then a revision has its plan: what is held alone after that is all there is."""
COUNTS = ("planned", "accepted", "suppressed", "failed", "unknown", "moved", "open")
ENDED = ("drained", "suppressed", "replaced")


@dataclass(frozen=True, slots=True)
class Waited:
    """What was told by the end of the wait, and the notices that wait longer, for a time or a person."""

    sum: Sum
    held: tuple[NoticeView, ...] = ()


def state_of(
    client: Client, event_id: str, seconds: float = STATE_SECONDS, tries_before: int | None = None
) -> EventState:
    """What became of the event; pending if nothing is known in time, with the reason if the desk is silent.

    `tries_before`: of a replayed event, whose older failure is not news.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            state = client.event(event_id)
            if state.state is EventProgress.FAILED and tries_before is not None:
                state = _anew(client, state, tries_before)
        except Trouble as trouble:
            return EventState(event_id=event_id, state=EventProgress.PENDING, reason=trouble.line)
        if state.state is not EventProgress.PENDING or time.monotonic() >= end:
            return state
        time.sleep(PAUSE_SECONDS)


def until_accounted(
    client: Client, name: str, revision: int, progress: Callable[[Sum], None], seconds: float = ACCOUNTED_SECONDS
) -> Waited:
    """The sum of the notices that tell this revision, once all are accounted for or the time is up.

    A notice that a rule holds is not waited for: it is named.
    """
    began = time.monotonic()
    while True:
        view = client.outage(name)
        so_far = told_of(view, revision)
        progress(so_far)
        waited = time.monotonic() - began
        if _settled(view, revision, planned=waited >= PLANNED_SECONDS) or waited >= seconds:
            return Waited(so_far, tuple(_held(view)))
        time.sleep(PAUSE_SECONDS)


def told_of(view: OutageView, revision: int) -> Sum:
    """The notices that tell this revision or a later one, added up."""
    mine = [notice.sum for notice in _telling(view, revision)]
    counts = {name: sum(getattr(each, name) for each in mine) for name in COUNTS}
    closed = counts["planned"] - counts["open"]
    reasons = sum((Counter(each.reasons) for each in mine), Counter[str]())
    share = closed / counts["planned"] if counts["planned"] else 0.0
    return Sum(**counts, accounted=share, reasons=dict(reasons))


def _telling(view: OutageView, revision: int) -> list[NoticeView]:
    return [notice for notice in view.notices if notice.revision is not None and notice.revision >= revision]


def _held(view: OutageView) -> list[NoticeView]:
    return [notice for notice in view.notices if held_by_rule(notice, view.release == "released")]


def _settled(view: OutageView, revision: int, planned: bool) -> bool:
    """Nothing of it is still to leave (a held or waiting notice has no revision yet) and no position is open."""
    mine, held = _telling(view, revision), _held(view)
    on_its_way = any(notice.state in ("held", "waiting") and notice not in held for notice in view.notices)
    known = bool(mine) or (planned and bool(held))
    return known and not on_its_way and all(notice.state in ENDED for notice in mine if notice not in held)


def _anew(client: Client, state: EventState, tries_before: int) -> EventState:
    """A failure that is older than the replay counts as pending."""
    if client.failed_one(state.event_id).tries > tries_before:
        return state
    return EventState(event_id=state.event_id, state=EventProgress.PENDING)
