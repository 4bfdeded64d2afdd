"""Laws of which provider a dispatch opens for its settings, and with what behind it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.dispatch.fallback import Fallback
from services.dispatch.ports import Provider
from services.dispatch.providers import open_provider
from services.dispatch.settings import DispatchSettings

URLS: dict[str, Any] = {"rabbitmq_url": "amqp://x", "redis_url": "redis://x"}
SES, RELAY = "ses:eu-central-1", "smtp:127.0.0.1:2526"


@pytest.fixture(autouse=True)
def aws_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("REGION", "eu-central-1"), ("ACCESS_KEY_ID", "sandbox"), ("SECRET_ACCESS_KEY", "sandbox")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:9")


def seen(look: Callable[[Provider], Any], **settings: Any) -> Any:
    """What a look at the provider of these settings finds."""
    wanted = DispatchSettings(**URLS, smtp_port=2526, ses_configuration_set="notices", **settings)

    async def opened() -> Any:
        provider = await open_provider(wanted, lambda: datetime.now(UTC))
        found = look(provider)
        await provider.close()
        return found

    return asyncio.run(opened())


def ways(provider: Provider) -> tuple[str, str | None]:
    assert isinstance(provider, Fallback)
    return provider.primary.account, None if provider.secondary is None else provider.secondary.account


@pytest.mark.parametrize(
    "settings, found",
    [
        ({}, (RELAY, None)),
        ({"email_provider": "ses"}, (SES, None)),
        ({"email_provider": "ses", "email_fallback": "smtp"}, (SES, RELAY)),
    ],
)
def test_mails_have_a_breaker_and_the_fallback_that_is_named(
    settings: dict[str, Any], found: tuple[str, str | None]
) -> None:
    assert seen(ways, **settings) == found


def test_the_fallback_has_a_breaker_of_its_own_and_no_fallback() -> None:
    def behind(provider: Provider) -> tuple[str, str | None]:
        assert isinstance(provider, Fallback) and provider.secondary is not None
        return ways(provider.secondary)

    assert seen(behind, email_provider="ses", email_fallback="smtp") == (RELAY, None)


def test_a_relay_that_stands_in_for_ses_has_a_cap_of_its_own() -> None:
    def caps(provider: Provider) -> tuple[float | None, float | None]:
        assert isinstance(provider, Fallback) and provider.secondary is not None
        return provider.primary.cap_per_second, provider.secondary.cap_per_second

    by_ses = {"email_provider": "ses", "email_fallback": "smtp"}

    assert seen(caps, **by_ses, smtp_per_second=20)[1] == 20
    assert seen(caps, **by_ses)[1] is None


def test_webhooks_have_no_breaker() -> None:
    keys = {"webhook_keys": "k" * 32, "webhook_sandbox_port": 1}

    assert not seen(lambda provider: isinstance(provider, Fallback), channel="webhook", **keys)
    assert seen(lambda provider: provider.account, channel="webhook", **keys) == "webhook"
