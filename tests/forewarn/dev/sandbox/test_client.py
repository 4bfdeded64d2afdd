"""The process, as its client starts and ends it."""

import json
import socket
import time
from pathlib import Path
from smtplib import SMTP

import botocore.session
import pytest
import urllib3

from forewarn.dev.sandbox.client import Sandbox
from forewarn.dev.sandbox.process import SandboxError


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
        "ses": int(provider.ses_url.rpartition(":")[2]),
        "webhook": provider.webhook_port,
        "pid": provider.pid,
    }


def test_a_port_that_is_taken_is_said_so(provider: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="Address already in use"):
        Sandbox.start(tmp_path, smtp_port=provider.smtp_port)


def test_it_listens_on_the_loopback_address_only(provider: Sandbox) -> None:
    urls = (provider.url, provider.ses_url)
    for port in (provider.smtp_port, provider.webhook_port, *(int(url.rpartition(":")[2]) for url in urls)):
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


def test_its_environment_leads_an_aws_client_to_it(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sandbox.aws_environment().items():
        monkeypatch.setenv(name, value)
    client = botocore.session.Session().create_client("sesv2", region_name="eu-central-1")

    assert client.get_account()["SendingEnabled"] is True


def test_what_was_accepted_is_told_though_the_server_is_dead(tmp_path: Path) -> None:
    with Sandbox.start(tmp_path, checks=False) as doomed:
        entry = {
            "Destination": {"ToAddresses": ["u@x.example"]},
            "ReplacementHeaders": [{"Name": "X-Forewarn-Id", "Value": "c0ffee.7"}],
        }
        url = f"{doomed.ses_url}/v2/email/outbound-bulk-emails"
        answer = urllib3.request("POST", url, json={"BulkEmailEntries": [entry]})
        doomed.kill()

    (accepted,) = doomed.acceptances()

    assert answer.status == 200
    assert (accepted.provider, accepted.notice, accepted.subscriber_id) == ("ses", "c0ffee", 7)
