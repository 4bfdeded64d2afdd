"""The process, as its client starts and ends it."""

import json
import socket
import time
from pathlib import Path
from smtplib import SMTP

import pytest

from forewarn.dev.sandbox.client import Sandbox, SandboxError


def test_it_ends_with_0_on_sigterm_though_a_client_hangs(tmp_path: Path) -> None:
    sandbox = Sandbox.start(tmp_path)
    sandbox.behave(time_out=[{"to_regex": "", "hang_seconds": 60}])
    with socket.create_connection((sandbox.smtp_host, sandbox.smtp_port), timeout=5) as hanging:
        hanging.sendall(b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<u@x.example>\r\nDATA\r\n\r\n.\r\n")
        time.sleep(0.1)
        began = time.monotonic()

        code = sandbox.stop()

    assert (code, time.monotonic() - began < 5) == (0, True)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((sandbox.smtp_host, sandbox.smtp_port), timeout=1)
    assert "Traceback" not in (tmp_path / "sandbox.log").read_text()


def test_the_ports_file_is_whole_and_true(provider: Sandbox) -> None:
    told = json.loads(provider.record.with_name("ports.json").read_bytes())

    assert told == {
        "smtp": provider.smtp_port,
        "http": int(provider.url.rpartition(":")[2]),
        "pid": provider.pid,
    }


def test_a_port_that_is_taken_is_said_so(provider: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="Address already in use"):
        Sandbox.start(tmp_path, smtp_port=provider.smtp_port)


def test_it_listens_on_the_loopback_address_only(provider: Sandbox) -> None:
    for port in (provider.smtp_port, int(provider.url.rpartition(":")[2])):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=1)


def test_waiting_ends_when_enough_is_there(sandbox: Sandbox, relay: SMTP) -> None:
    relay.sendmail("a@acme.example", ["u@x.example"], b"\r\n")

    sandbox.wait_for(1, timeout_seconds=1)


def test_waiting_in_vain_says_how_many_came(sandbox: Sandbox, relay: SMTP) -> None:
    relay.sendmail("a@acme.example", ["u@x.example"], b"\r\n")

    with pytest.raises(TimeoutError, match="1 of 2 messages"):
        sandbox.wait_for(2, timeout_seconds=0.1)


def test_a_reset_forgets_mail_and_manners(sandbox: Sandbox, relay: SMTP) -> None:
    relay.sendmail("a@acme.example", ["u@x.example"], b"\r\n")
    sandbox.behave(latency_ms=5)

    sandbox.reset()

    assert sandbox.messages() == [] and sandbox.behaviour().latency_ms == 0
