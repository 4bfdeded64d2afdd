"""A provider that is slow, throttles, fails, takes half, or answers when nobody listens any more."""

from typing import Any

from tests.chaos.faults.fault import Fault
from tests.chaos.form import CALL
from tests.chaos.scene import Scene

HALF = "[02468]@"
"""Addresses end in the person's number: about half of them."""
SOME = "33@"


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
    """500 to so many calls: nobody can say whether they were taken, though here they were not."""
    _some_calls(scene, "fail", status=500)


def unavailable(scene: Scene) -> None:
    """503 to so many calls: nothing was taken."""
    scene.at(0.3)
    scene.behave(fail=[{"status": 503, "times": _calls(scene)}])
    scene.until(lambda: not scene.house.sandbox.behaviour().ses.fail, 120, "the last 503")


def too_late(scene: Scene) -> None:
    """Accepted, and the answer comes when the call is given up."""
    _some_calls(scene, "time_out", stage="after_accept", hang_seconds=20)


def cut_off(scene: Scene) -> None:
    """Accepted, and the connection is closed instead of an answer."""
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
    scene.behave(drop=[{"stage": "after_accept", "times": most}])
    scene.at(0.5)
    (rule,) = scene.house.sandbox.behaviour().ses.drop
    scene.behave()
    scene.notes["calls_dropped"] = most - (rule.times or 0)
    scene.repeats_allowed = scene.notes["calls_dropped"] * CALL
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
    scene.until(lambda: not scene.house.sandbox.behaviour().ses.short, 120, "the last short answer")
    scene.repeats_allowed = times * CALL  # which ones were left out, nobody can say
    scene.at(0.8)
    scene.behave()


def _some_calls(scene: Scene, what: str, **rule: Any) -> None:
    """A rule for so many calls; each may be repeated once, for all of its recipients."""
    times = _calls(scene)
    scene.at(0.3)
    scene.behave(**{what: [{**rule, "times": times}]})
    scene.until(lambda: not getattr(scene.house.sandbox.behaviour().ses, what), 120, f"the last {what}")
    scene.repeats_allowed = times * CALL


def _calls(scene: Scene) -> int:
    """A tenth of the calls that the crowd needs."""
    return max(4, scene.form.people // CALL // 10)


UNANSWERED = "recipients of calls whose answer never came"

PROVIDERS = (
    Fault("provider slow", slow),
    Fault("provider throttles calls", throttled),
    Fault("provider throttles entries", throttled_by_entry),
    Fault("provider says 500", fails, UNANSWERED),
    Fault("provider says 503", unavailable),
    Fault("provider accepts half", half, UNANSWERED),
    Fault("provider answers too late", too_late, UNANSWERED),
    Fault("provider hangs up", cut_off, UNANSWERED),
    Fault("provider gone, relay instead", gone, UNANSWERED, prepare=with_relay),
)
