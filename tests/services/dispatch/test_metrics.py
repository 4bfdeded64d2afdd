"""Series that stand at 0 before anything is counted: an increase from no series is none."""

from prometheus_client import REGISTRY

from forewarn.delivery import LETTERS
from services.dispatch.metrics import attempt_label, channel_at_zero, provider_at_zero


def test_every_way_to_end_stands_from_the_start() -> None:
    channel_at_zero("webhook")

    for state, reason in LETTERS.values():
        labels = {"channel": "webhook", "state": str(state), "reason": str(reason or "none")}
        assert REGISTRY.get_sample_value("forewarn_recipients_total", labels) is not None


def test_a_provider_may_send_unless_it_says_otherwise_and_its_series_stand() -> None:
    provider_at_zero("smtp")

    assert REGISTRY.get_sample_value("forewarn_provider_sending_enabled", {"provider": "smtp"}) == 1
    for lane in ("urgent", "normal", "bulk"):
        labels = {"provider": "smtp", "lane": lane}
        assert REGISTRY.get_sample_value("forewarn_permit_refusals_total", labels) is not None


def test_attempts_after_the_second_are_counted_together() -> None:
    assert [attempt_label(n) for n in (1, 2, 3, 4, 17)] == ["1", "2", "3+", "3+", "3+"]
