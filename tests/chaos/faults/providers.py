"""A provider that is slow, throttles, fails, takes half, falls silent, or answers when nobody listens any more."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from forewarn.delivery import Reason
from tests.chaos.faults.fault import Fault
from tests.chaos.form import CALL
from tests.chaos.scene import Scene

HALF = "[02468]@"
"""Addresses end in the person's number: about half of them."""
SOME = "33@"
PATIENCE_SECONDS = 400
"""A breaker lets one person try every 15 s: 32 bad answers take that long to be used up."""
LATE_MS = 9_000
"""More than the eight seconds that a call is given."""
REFUSED = """
select count(*) as people from batch b join notice_window w on w.id = b.window_id
cross join lateral unnest(b.ids) as u (id) join address a on a.subscriber_id = u.id and a.channel = w.channel
where w.channel = 'email' and a.address ~ %s
"""


def slow(scene: Scene) -> None:
    """Six seconds for an answer, below the eight that a call is given."""
    scene.at(0.2)
    scene.behave(latency_ms=6_000)
    scene.at(0.35)
    scene.behave()


def throttled(scene: Scene) -> None:
    """429 for whole calls, half as fast as the cap for the rest of the run."""
    scene.at(0.2)
    scene.behave(latency_ms=scene.form.latency_ms / 2, max_send_rate=scene.form.per_second / 2)
    scene.at(0.8)
    scene.behave()


def throttled_by_entry(scene: Scene) -> None:
    """The entries that are too many are refused, the others taken."""
    scene.at(0.2)
    scene.behave(latency_ms=scene.form.latency_ms / 2, max_send_rate=scene.form.per_second / 2, throttle="entry")
    scene.at(0.8)
    scene.behave()


def fails(scene: Scene) -> None:
    """500 to so many calls: no caller can say whether they were taken. They were not, so nobody is doubled by it."""
    times = _some_calls(scene, "fail", status=500)
    scene.may_end[Reason.NO_ANSWER] = times * CALL


def unavailable(scene: Scene) -> None:
    """503 to so many calls: nothing was taken."""
    scene.at(0.3)
    scene.behave(fail=[{"status": 503, "times": _calls(scene)}])
    scene.until(lambda: not scene.house.sandbox.behaviour().ses.fail, PATIENCE_SECONDS, "the last 503")


def too_late(scene: Scene) -> None:
    """Accepted, and answered a second after the call was given up: each call that begins in such a moment."""
    scene.at(0.3)
    with _unanswered(scene):
        scene.behave(lag_ms=LATE_MS)
        time.sleep(scene.form.latency_ms / 1000 + 0.5)  # every caller has begun one
        scene.behave()
        time.sleep(LATE_MS / 1000)


def silent(scene: Scene) -> None:
    """Accepted, and no answer ever."""
    with _unanswered(scene):
        _some_calls(scene, "time_out", stage="after_accept", hang_seconds=20)


def cut_off(scene: Scene) -> None:
    """Accepted, and the connection is closed instead of an answer."""
    with _unanswered(scene):
        _some_calls(scene, "drop", stage="after_accept")


def with_relay(scene: Scene) -> None:
    """Mails may go by the sandbox's relay when SES is away."""
    for worker in scene.dispatchers:
        worker.stop()
        worker.start(**{**worker.extra, "FOREWARN_EMAIL_FALLBACK": "smtp"})
        worker.wait_ready()


def gone(scene: Scene) -> None:
    """SES accepts and hangs up, again and again, until the half is told; the relay takes over meanwhile."""
    most = 10_000
    scene.at(0.2)
    with _unanswered(scene):
        scene.behave(drop=[{"stage": "after_accept", "times": most}])
        scene.at(0.5)
        (rule,) = scene.house.sandbox.behaviour().ses.drop
        scene.behave()
    scene.notes["calls_dropped"] = most - (rule.times or 0)
    scene.notes["by_relay"] = sum(1 for each in scene.house.sandbox.acceptances() if each.provider == "smtp")


def half(scene: Scene) -> None:
    """One of a hundred is refused for good, half of the entries of some calls for now; some answers leave out entries
    that were taken, and so cannot be read at all.
    """
    times = _calls(scene)
    scene.at(0.2)
    for_good = {"to_regex": SOME, "status": "MESSAGE_REJECTED"}
    for_now = {"to_regex": HALF, "status": "TRANSIENT_FAILURE", "times": times * CALL // 2}
    scene.behave(refuse=[for_good, for_now], short=[{"missing": 7, "times": times}])
    scene.until(lambda: not scene.house.sandbox.behaviour().ses.short, PATIENCE_SECONDS, "the last short answer")
    scene.repeats_allowed = scene.may_end[Reason.NO_ANSWER] = times * CALL  # which ones they were, nobody can say
    scene.at(0.8)
    scene.behave()
    scene.may_end[Reason.REJECTED] = scene.rows(REFUSED, SOME)[0]["people"]


@contextmanager
def _unanswered(scene: Scene) -> Iterator[None]:
    """Whoever is taken meanwhile without an answer may be called once more, or be unknown at last."""
    began = time.time()
    try:
        yield
    finally:
        scene.unanswered.append((began, time.time()))


def _some_calls(scene: Scene, what: str, **rule: Any) -> int:
    """A rule for so many calls; how many, once all of them were made."""
    times = _calls(scene)
    scene.at(0.3)
    scene.behave(**{what: [{**rule, "times": times}]})
    scene.until(lambda: not getattr(scene.house.sandbox.behaviour().ses, what), PATIENCE_SECONDS, f"the last {what}")
    return times


def _calls(scene: Scene) -> int:
    """A tenth of the calls that the crowd needs."""
    return max(4, scene.form.people // CALL // 10)


UNANSWERED = "recipients of calls whose answer never came"

PROVIDERS = (
    Fault("provider slow", slow),
    Fault("provider throttles calls", throttled),
    Fault("provider throttles entries", throttled_by_entry),
    Fault("provider says 500", fails),
    Fault("provider says 503", unavailable),
    Fault("provider accepts half", half, UNANSWERED),
    Fault("provider answers too late", too_late, UNANSWERED),
    Fault("provider falls silent", silent, UNANSWERED),
    Fault("provider hangs up", cut_off, UNANSWERED),
    Fault("provider gone, relay instead", gone, UNANSWERED, prepare=with_relay),
)
