"""The same event is the same report, whoever asks."""

from forewarn.component import Impact
from forewarn.contracts.event import Event
from forewarn.contracts.reports import report_of
from forewarn.outage import Act
from forewarn.signal import Report
from tests.support.reports import NOON


def test_a_report_says_what_the_event_says() -> None:
    report = reported(act="correct", about="INC-7", from_revision=3, retract=["cause"], symptoms="Nobody can pay.")

    assert (report.source, report.key, report.author, report.person) == ("people", "mine", "dana", True)
    assert (report.act, report.about, report.from_revision) == (Act.CORRECT, "INC-7", 3)
    assert report.retract == ("cause",)
    assert report.facts.symptoms == "Nobody can pay."


def test_components_are_known_by_their_keys() -> None:
    report = reported(components=["component:default/Card-Payments", "zeppelin"], impact="down")

    assert report.facts.components == {"card-payments": Impact.DOWN}
    assert report.facts.unknown_components == ("zeppelin",)


def test_a_report_s_clock_is_clamped() -> None:
    report = reported(occurred_at="2026-11-22T12:05:01Z")

    assert (report.occurred_at, report.clock_ahead) == (NOON, True)


def reported(**said: object) -> Report:
    event = Event.model_validate(said)
    return report_of(event, "people", "mine", NOON, True, "dana", {"card-payments"}.__contains__)
