"""Settings: every fault at once, nothing of a password in sight, and the sandbox stays on this machine."""

import pytest
from pydantic import ValidationError

from forewarn.mode import Mode
from forewarn.runtime.settings import ProviderHost, RecordSettings, WorkerSettings, read_settings

GOOD = {
    "FOREWARN_RABBITMQ_URL": "amqp://worker:hush-rabbit@127.0.0.1/",
    "FOREWARN_DATABASE_URL": "postgresql://u:hush-postgres@127.0.0.1/forewarn",
}


class Sending(WorkerSettings):
    smtp_host: ProviderHost = "127.0.0.1"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_all_faults_are_told_at_once_and_the_process_ends_with_2(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("FOREWARN_RABBITMQ_URL")
    environment.setenv("FOREWARN_THREADS", "none")
    environment.setenv("FOREWARN_HEALTH_PORT", "70000")
    environment.setenv("FOREWARN_DATABASE_POOL", "1")
    environment.setenv("FOREWARN_DELIVERY", "loud")

    with pytest.raises(SystemExit) as ended:
        read_settings(RecordSettings)

    said = capsys.readouterr().err
    assert ended.value.code == 2
    for name in ("RABBITMQ_URL", "THREADS", "HEALTH_PORT", "DATABASE_POOL", "DELIVERY"):
        assert f"  FOREWARN_{name}: " in said
    assert "hush" not in said


def test_secrets_are_in_no_repr() -> None:
    settings = read_settings(RecordSettings)

    assert "hush" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.database_url.get_secret_value() == GOOD["FOREWARN_DATABASE_URL"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_the_sandbox_sends_to_this_machine(environment: pytest.MonkeyPatch, host: str) -> None:
    environment.setenv("FOREWARN_SMTP_HOST", host)

    assert read_settings(Sending).smtp_host == host


@pytest.mark.parametrize("host", ["smtp.example.com", "10.0.0.5", "0.0.0.0", "8.8.8.8", "localhost.example.com", ""])
def test_the_sandbox_sends_to_no_other(
    environment: pytest.MonkeyPatch, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("FOREWARN_SMTP_HOST", host)

    with pytest.raises(SystemExit):
        read_settings(Sending)

    said = capsys.readouterr().err
    assert "FOREWARN_SMTP_HOST" in said
    assert "FOREWARN_DELIVERY" in said, "how to send elsewhere"


@pytest.mark.parametrize("mode", ["guests", "live"])
def test_beyond_the_sandbox_any_relay_will_do(environment: pytest.MonkeyPatch, mode: str) -> None:
    environment.setenv("FOREWARN_DELIVERY", mode)
    environment.setenv("FOREWARN_SMTP_HOST", "smtp.example.com")

    assert read_settings(Sending).smtp_host == "smtp.example.com"


def test_a_kill_point_is_for_the_sandbox(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment.setenv("FOREWARN_KILL_AT", "send.called")
    environment.setenv("FOREWARN_DELIVERY", "live")

    with pytest.raises(SystemExit):
        read_settings(WorkerSettings)

    assert "FOREWARN_KILL_AT" in capsys.readouterr().err


def test_without_a_word_the_mode_is_the_sandbox() -> None:
    assert read_settings(WorkerSettings).delivery is Mode.SANDBOX


def test_settings_do_not_change() -> None:
    settings = read_settings(WorkerSettings)

    with pytest.raises(ValidationError):
        settings.threads = 9  # type: ignore[misc]
