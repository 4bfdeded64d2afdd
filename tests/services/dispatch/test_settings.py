"""Laws of dispatch's settings: what cannot be used ends the process with what to set."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.dispatch.settings import DispatchSettings, EmailFallback, Unusable, usable_provider

URLS: dict[str, Any] = {"rabbitmq_url": "amqp://x", "redis_url": "redis://x"}


def test_what_shows_only_when_the_provider_is_opened_ends_the_process_as_faulty_settings_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, usable_provider():
        raise Unusable("AWS_REGION: SES needs a region")

    assert ended.value.code == 2
    assert capsys.readouterr().err == "The settings cannot be used:\n  AWS_REGION: SES needs a region\n"


def test_a_provider_is_no_fallback_of_its_own() -> None:
    with pytest.raises(ValidationError, match="FOREWARN_EMAIL_FALLBACK"):
        DispatchSettings(**URLS, email_provider="smtp", email_fallback="smtp")

    kept = DispatchSettings(**URLS, email_provider="ses", email_fallback="smtp")
    assert kept.email_fallback is EmailFallback.SMTP


def test_a_dispatch_of_webhooks_does_not_mind_what_mails_fall_back_to() -> None:
    keys: dict[str, Any] = {"webhook_keys": "k" * 32, "webhook_sandbox_port": 1}

    assert DispatchSettings(**URLS, **keys, channel="webhook", email_fallback="smtp").email_fallback
