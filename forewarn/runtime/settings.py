"""Settings: one frozen object per service, read from FOREWARN_… once, every fault reported at once."""

import sys
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from forewarn.mode import Mode


def on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _kept_in(host: str, fields: ValidationInfo) -> str:
    """In sandbox mode nothing leaves this machine. A mode that is no mode is a fault of its own."""
    if fields.data.get("delivery") is Mode.SANDBOX and not on_this_machine(host):
        raise ValueError(
            "in delivery mode sandbox mails and webhooks go to a loopback address only, such as 127.0.0.1;"
            " set FOREWARN_DELIVERY to guests or live to send elsewhere"
        )
    return host


ProviderHost = Annotated[str, AfterValidator(_kept_in)]
"""Where a provider is reached, in a class below WorkerSettings: it needs to know the delivery mode."""


def _keys(given: Any) -> Any:
    """Keys separated by commas, the newest first."""
    if not isinstance(given, str):
        return given
    keys = tuple(SecretStr(part.strip()) for part in given.split(",") if part.strip())
    if any(len(key.get_secret_value()) < 32 for key in keys):
        raise ValueError("each key needs at least 32 characters; `openssl rand -hex 32` makes one")
    return keys


WebhookKeys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_keys)]
"""What webhook secrets are made from: the first is the newest, those after it still sign until they are taken out."""


def _in_sandbox(point: str | None, fields: ValidationInfo) -> str | None:
    if point is not None and fields.data.get("delivery") is not Mode.SANDBOX:
        raise ValueError("a kill point is for tests: in delivery mode sandbox only")
    return point


class WorkerSettings(BaseSettings):
    """What every worker needs. URLs are secret: they carry passwords."""

    model_config = SettingsConfigDict(env_prefix="FOREWARN_", frozen=True, extra="ignore")

    rabbitmq_url: SecretStr
    delivery: Mode = Mode.SANDBOX
    policy_file: Path | None = None
    host: str = "127.0.0.1"
    health_port: int = Field(0, ge=0, le=65535)
    threads: int = Field(4, ge=1, le=64)
    shutdown_seconds: int = Field(30, ge=1)
    kill_at: Annotated[str | None, AfterValidator(_in_sandbox)] = Field(
        None, description="Name of a kill point, for tests; sandbox mode only."
    )


class RecordSettings(WorkerSettings):
    """A worker that keeps the record."""

    database_url: SecretStr
    database_pool: int = Field(8, ge=2, le=64)


class Patience(BaseSettings):
    """How long debts wait before they are published again; real time."""

    model_config = SettingsConfigDict(env_prefix="FOREWARN_", frozen=True, extra="ignore")

    debt_seconds: float = Field(5, gt=0)
    debt_longest_seconds: float = Field(300, gt=0)
    sweep_seconds: float = Field(600, gt=0)
    new_epoch_seconds: float = Field(15, gt=0)
    pull_seconds: float = Field(12, gt=0)

    @property
    def debt(self) -> timedelta:
        return timedelta(seconds=self.debt_seconds)

    @property
    def sweep(self) -> timedelta:
        return timedelta(seconds=self.sweep_seconds)


S = TypeVar("S", bound=BaseSettings)


def read_settings(kind: type[S]) -> S:
    """The settings from the environment; on any fault all of them are written to stderr and the process ends, 2."""
    try:
        return kind()
    except ValidationError as fault:
        lines = [f"  FOREWARN_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in fault.errors()]
        sys.stderr.write("The settings cannot be used:\n" + "\n".join(lines) + "\n")
        raise SystemExit(2) from None
