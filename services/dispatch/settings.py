"""Settings of dispatch."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from forewarn.mode import Mode
from forewarn.notice import Channel
from forewarn.runtime.settings import ProviderHost, WebhookKeys, WorkerSettings

Network = IPv4Network | IPv6Network


class Unusable(Exception):
    """A fault of the settings or the environment that shows only when the provider is opened."""


@contextmanager
def usable_provider() -> Iterator[None]:
    """Turn Unusable into a line on stderr and exit code 2, as faulty settings are."""
    try:
        yield
    except Unusable as fault:
        sys.stderr.write(f"The settings cannot be used:\n  {fault}\n")
        raise SystemExit(2) from None


class EmailProvider(StrEnum):
    """Who takes mails over."""

    SMTP = "smtp"
    SES = "ses"


class EmailFallback(StrEnum):
    """Who takes mails over while SES does not."""

    NONE = "none"
    SMTP = "smtp"


def _networks(given: Any) -> Any:
    """Networks separated by commas, as in 10.1.0.0/16,fd00::/8."""
    if not isinstance(given, str):
        return given
    return tuple(ip_network(part.strip()) for part in given.split(",") if part.strip())


class DispatchSettings(WorkerSettings):
    """One channel's dispatch; it needs no database. AWS is found by its own environment (AWS_…)."""

    redis_url: SecretStr
    channel: Channel = Channel.EMAIL
    email_provider: EmailProvider = EmailProvider.SMTP
    email_fallback: EmailFallback = EmailFallback.NONE
    smtp_host: ProviderHost = "127.0.0.1"
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_connections: int = Field(16, ge=1, le=200)
    smtp_per_second: float | None = Field(None, gt=0)
    ses_connections: int = Field(32, ge=1, le=500)
    ses_configuration_set: str = ""
    webhook_keys: WebhookKeys = ()
    webhook_connections: int = Field(64, ge=1, le=1000)
    webhook_per_host: int = Field(4, ge=1, le=100)
    webhook_networks: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = ()
    """Private ranges that a webhook may lie in all the same."""
    webhook_sandbox_port: int = Field(0, ge=0, le=65535)
    """In sandbox mode every webhook is posted to this port of 127.0.0.1, whatever its URL says, without TLS."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.channel is Channel.EMAIL and self.email_fallback.value == self.email_provider.value:
            raise ValueError("FOREWARN_EMAIL_FALLBACK: another provider than FOREWARN_EMAIL_PROVIDER, or none")
        if self.channel is Channel.WEBHOOK and not self.webhook_keys:
            raise ValueError("FOREWARN_WEBHOOK_KEYS: the channel webhook signs what it sends: give at least one key")
        if self.channel is Channel.WEBHOOK and self.delivery is Mode.SANDBOX and not self.webhook_sandbox_port:
            raise ValueError("FOREWARN_WEBHOOK_SANDBOX_PORT: in delivery mode sandbox webhooks go to the sandbox only")
        return self
