"""The linter finds nothing in what the README's and the demo's acts would tell, whatever persons left unsaid (M8)."""

from typing import Any

import pytest

from forewarn.cli.findings import as_it_stands, in_act
from forewarn.contracts.api import PreviewView
from forewarn.contracts.event import Event
from tests.services.planner.desks import Office, an_incident

WHAT = {"components": ["card-payments"]}
WINDOW = {"start": "2099-12-14T20:00:00+01:00", "end": "2099-12-14T22:00:00+01:00"}
WORK = WHAT | {"kind": "maintenance", "status": "scheduled", "window": WINDOW}
GAIN = {"benefit": "Payouts will reach you within minutes."}
ACTS: dict[str, dict[str, Any]] = {
    "an incident": {**WHAT, "impact": "down", "severity": "critical", "next_update_at": "2099-11-22T14:32:00+01:00"},
    "the demo's crowd": {**WHAT, "symptoms": "Nothing of ours can be reached from outside.", "signed_by": "Dana Roth"},
    "a cause": {"about": "INC-1", "status": "identified", "cause": "A certificate expired."},
    "a correction": {"about": "INC-1", "act": "correct", "cause": "Our own certificate expired, not our processor's."},
    "the end": {"about": "INC-1", "status": "resolved"},
    "a false alarm": {"about": "INC-1", "act": "withdraw", "note": "A false alarm."},
    "work": WORK | GAIN | {"tentative": True, "notice_class": "action_required"},
    "work that starts": {"about": "MNT-1", "status": "in_progress"},
    "work called off": {"about": "MNT-1", "status": "cancelled", "cause": "The new machines were faulty."},
    "a release": {**WHAT, "kind": "announcement", "version": "2.4", "benefit": "Reports load at once."},
}


@pytest.fixture
def told(desk: Office) -> Office:
    """Of an incident and of planned work, one of the customers in German."""
    desk.run("update subscriber set locale = 'de' where key = 'kenji'")
    desk.settle(desk.says("dana", **an_incident()))
    desk.settle(desk.says("dana", **WORK, **GAIN, key="k2"))
    return desk


def test_no_act_of_the_readme_or_the_demo_has_a_finding(told: Office) -> None:
    read, found = set[str](), {}
    for name, act in ACTS.items():
        view = PreviewView.model_validate(told.post("/v1/preview", act))
        read |= {f"{name}, {text.locale}" for text in view.texts if text.side == "outside"}
        found[name] = in_act(Event.model_validate(act), view)
    for outage in ("INC-1", "MNT-1"):
        found[outage] = as_it_stands(PreviewView.model_validate(told.get(f"/v1/outages/{outage}/preview")))

    assert {name: each for name, each in found.items() if each} == {}
    assert len(read) >= 2 * (len(ACTS) - 3), "in both languages, whatever is told now"
