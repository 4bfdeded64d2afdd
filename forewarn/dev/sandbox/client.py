"""The sandbox provider as a test or the demo holds it: started, steered, read, ended by its `with`."""

from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import orjson
import urllib3

from forewarn.dev.sandbox.acceptances import Acceptance, acceptances
from forewarn.dev.sandbox.behaviour import Behaviour
from forewarn.dev.sandbox.mail import Mail, OpenedMail, Webhook, mail_of, opened_mail_of, webhook_of
from forewarn.dev.sandbox.process import SandboxError, end, launch, wait_until
from forewarn.dev.sandbox.wire import Count, Headline, Hook, Ports


class Sandbox:
    """A sandbox provider in a process of its own.

    `directory` gets `record.jsonl`, `ports.json`, `sandbox.log`; a second start on it continues the record.
    """

    def __init__(self, process: Popen[bytes], ports: Ports, record: Path) -> None:
        self._process = process
        self._http = urllib3.PoolManager(maxsize=4, retries=False, timeout=30.0)
        self.smtp_host, self.smtp_port = "127.0.0.1", ports["smtp"]
        self.url = f"http://127.0.0.1:{ports['http']}"
        self.ses_url, self.webhook_port = f"http://127.0.0.1:{ports['ses']}", ports["webhook"]
        self.pid, self.record = ports["pid"], record

    @classmethod
    def start(
        cls,
        directory: Path,
        *,
        smtp_port: int = 0,
        http_port: int = 0,
        ses_port: int = 0,
        webhook_port: int = 0,
        checks: bool = True,
    ) -> Self:
        """Start one and wait until it takes mail; SandboxError, with its log, when it does not.

        The system chooses the ports that are 0. Without `checks` SES calls are taken as they come.
        """
        ports = {"smtp": smtp_port, "http": http_port, "ses": ses_port, "webhook": webhook_port}
        asked = [f"--{side}-port={port}" for side, port in ports.items()]
        return cls(*launch(directory.resolve(), asked if checks else [*asked, "--no-checks"]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> int:
        """End the process by its pid and return its exit code, which is 0 unless something went wrong."""
        self._http.clear()
        return end(self._process)

    def kill(self) -> None:
        """End the process as a power cut would, answering nobody."""
        self._process.kill()
        self.stop()

    def messages(self, to: str | None = None, *, subject: str = "", after: int = 0) -> list[Mail]:
        """What was accepted, oldest first; `to` is a whole address, `subject` a part, `after` a number."""
        query = urlencode({"to": to or "", "subject": subject, "after": after})
        found: list[Headline] = orjson.loads(self._ask("GET", f"/messages?{query}"))
        return [mail_of(each) for each in found]

    def webhooks(self, *, after: int = 0) -> list[Webhook]:
        """The webhooks that were accepted, oldest first."""
        found: list[Hook] = orjson.loads(self._ask("GET", f"/webhooks?after={after}"))
        return [webhook_of(each) for each in found]

    def acceptances(self) -> Iterator[Acceptance]:
        """Everything that was accepted, read from the record file: for mass, and when the server is dead."""
        return acceptances(self.record)

    def aws_environment(self) -> dict[str, str]:
        """What makes any AWS client of SES speak to this sandbox."""
        return {
            "AWS_ENDPOINT_URL_SESV2": self.ses_url,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def read(self, n: int) -> OpenedMail:
        """Message n in full."""
        return opened_mail_of(orjson.loads(self._ask("GET", f"/messages/{n}")))

    def count(self) -> Count:
        counted: Count = orjson.loads(self._ask("GET", "/count"))
        return counted

    def behave(self, **settings: Any) -> Behaviour:
        """Replace the whole behaviour; unnamed means default. SandboxError says what is wrong."""
        return Behaviour.model_validate_json(self._ask("PUT", "/behaviour", orjson.dumps(settings)))

    def behaviour(self) -> Behaviour:
        """The behaviour in force, with what its rules have left."""
        return Behaviour.model_validate_json(self._ask("GET", "/behaviour"))

    def reset(self) -> None:
        """Forget every message and behave normally; numbers go on."""
        self._ask("DELETE", "/behaviour")
        self._ask("DELETE", "/messages")

    def wait_for(self, n: int, timeout_seconds: float) -> None:
        """Return once n mails are accepted; TimeoutError says how many there were instead."""
        try:
            wait_until(lambda: self._accepted() >= n, timeout_seconds)
        except TimeoutError:
            raise TimeoutError(f"{self._accepted()} of {n} messages after {timeout_seconds} s") from None

    def _accepted(self) -> int:
        return int(self._ask("GET", "/accepted"))

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        answer = self._http.request(method, self.url + path, body=body, headers={"Content-Type": "application/json"})
        if answer.status >= 400:
            raise SandboxError(f"{method} {path}: {answer.status} {answer.data.decode(errors='replace')}")
        return answer.data
