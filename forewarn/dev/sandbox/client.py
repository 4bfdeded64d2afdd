"""The sandbox provider as a test or the demo holds it: started, steered, read, ended by its `with`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlencode

import orjson
import urllib3

from forewarn.dev.sandbox.behaviour import Behaviour
from forewarn.dev.sandbox.mail import Mail, OpenedMail, mail_of, opened_mail_of
from forewarn.dev.sandbox.wire import Count, Headline, Ports

START_PATIENCE_SECONDS = 20
STOP_PATIENCE_SECONDS = 10


class SandboxError(Exception):
    """The sandbox provider did not start, or refused what it was asked; the text is its own."""


class Sandbox:
    """A sandbox provider in a process of its own.

    `directory` gets `record.jsonl`, `ports.json`, `sandbox.log`; a second start on it continues the record.
    """

    def __init__(self, process: Popen[bytes], ports: Ports, record: Path) -> None:
        self._process = process
        self._http = urllib3.PoolManager(maxsize=4, retries=False, timeout=30.0)
        self.smtp_host, self.smtp_port = "127.0.0.1", ports["smtp"]
        self.url = f"http://127.0.0.1:{ports['http']}"
        self.pid, self.record = ports["pid"], record

    @classmethod
    def start(cls, directory: Path, *, smtp_port: int = 0, http_port: int = 0) -> Self:
        """Start one and wait until it takes mail; SandboxError, with its log, when it does not."""
        home = directory.resolve()
        ports_file, record, log = home / "ports.json", home / "record.jsonl", home / "sandbox.log"
        ports_file.unlink(missing_ok=True)
        asked = [f"--smtp-port={smtp_port}", f"--http-port={http_port}"]
        files = [f"--record={record}", f"--ports-file={ports_file}"]
        with log.open("ab") as output:
            process = Popen(
                [sys.executable, "-m", "forewarn.dev.sandbox", *asked, *files],
                cwd=Path(__file__).parents[3],
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
            )
        try:
            _wait_until(lambda: ports_file.exists() or process.poll() is not None, START_PATIENCE_SECONDS)
            return cls(process, cast(Ports, orjson.loads(ports_file.read_bytes())), record)
        except (TimeoutError, FileNotFoundError):
            _end(process)
            raise SandboxError(f"the sandbox did not start: {log.read_text(errors='replace')}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> int:
        """End the process by its pid and return its exit code, which is 0 unless something went wrong."""
        self._http.clear()
        return _end(self._process)

    def kill(self) -> None:
        """End the process as a power cut would, answering nobody."""
        self._process.kill()
        self.stop()

    def messages(self, to: str | None = None, *, subject: str = "", after: int = 0) -> list[Mail]:
        """What was accepted, oldest first; `to` is a whole address, `subject` a part, `after` a number."""
        query = urlencode({"to": to or "", "subject": subject, "after": after})
        found: list[Headline] = orjson.loads(self._ask("GET", f"/messages?{query}"))
        return [mail_of(each) for each in found]

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
        """Return once n messages are accepted; TimeoutError says how many there were instead."""
        try:
            _wait_until(lambda: self.count()["accepted"] >= n, timeout_seconds)
        except TimeoutError:
            raise TimeoutError(f"{self.count()['accepted']} of {n} messages after {timeout_seconds} s") from None

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        answer = self._http.request(method, self.url + path, body=body, headers={"Content-Type": "application/json"})
        if answer.status >= 400:
            raise SandboxError(f"{method} {path}: {answer.status} {answer.data.decode(errors='replace')}")
        return answer.data


def _wait_until(done: Callable[[], bool], patience_seconds: float) -> None:
    end = time.monotonic() + patience_seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def _end(process: Popen[bytes]) -> int:
    process.terminate()
    try:
        return process.wait(STOP_PATIENCE_SECONDS)
    except TimeoutExpired:
        process.kill()
        return process.wait()
