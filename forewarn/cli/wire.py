"""The wire to one side, door or desk: one HTTP call in, one answer in the contract's shape out."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO, TypeVar

import urllib3
from pydantic import TypeAdapter, ValidationError
from urllib3.exceptions import ConnectTimeoutError, HTTPError, SSLError, TimeoutError

from forewarn.cli.answers import trouble_of, unreadable
from forewarn.cli.trouble import Kind, Trouble

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
LINES = "application/x-ndjson"

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Upload:
    """A stream of a known size, in bytes."""

    stream: IO[bytes]
    size: int


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    body: bytes | Upload | None = None
    media: str = "application/json"
    patience: float = ANSWER_SECONDS


class Wire:
    """Calls one side. Raises Trouble for every answer that is not the wished-for one, and for none at all."""

    def __init__(self, side: str, base: str, token: str) -> None:
        self._base = base
        self._where = f"the {side} at {base}"
        self._token = token
        self._pool = urllib3.PoolManager(retries=False)

    def call(self, call: Call, shape: type[Shape]) -> Shape:
        answer = self._answer(call)
        try:
            return TypeAdapter(shape).validate_json(answer.data)
        except ValidationError:
            raise unreadable(self._where, answer.status) from None

    def raw(self, call: Call) -> bytes:
        """An answer that is no JSON, as it came."""
        return self._answer(call).data

    def _answer(self, call: Call) -> urllib3.BaseHTTPResponse:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=call.patience)
        body = call.body.stream if isinstance(call.body, Upload) else call.body
        try:
            answer = self._pool.request(
                call.method, self._base + call.path, body=body, headers=self._headers(call), timeout=timeout
            )
        except HTTPError as fault:
            raise self._silent(fault, call) from None
        if not 200 <= answer.status < 300:
            raise trouble_of(answer.status, answer.data, self._where)
        return answer

    def lines(self, call: Call, shape: type[Shape]) -> Iterator[Shape]:
        """An answer of many lines, each as soon as it is there; a side that answers in one piece gives one line."""
        adapter = TypeAdapter(shape)
        with self._begun(call) as answer:
            if not 200 <= answer.status < 300:
                raise trouble_of(answer.status, answer.data, self._where)
            try:
                for line in answer:
                    yield adapter.validate_json(line)
            except ValidationError:
                raise unreadable(self._where, answer.status) from None
            except HTTPError as fault:
                raise self._silent(fault, call) from None

    @contextmanager
    def _begun(self, call: Call) -> Iterator[urllib3.BaseHTTPResponse]:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=call.patience)
        body = call.body.stream if isinstance(call.body, Upload) else call.body
        url, headers = self._base + call.path, self._headers(call) | {"Accept": LINES}
        try:
            answer = self._pool.request(
                call.method, url, body=body, headers=headers, timeout=timeout, preload_content=False
            )
        except HTTPError as fault:
            raise self._silent(fault, call) from None
        with closing(answer):
            yield answer

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if call.body is not None:
            headers["Content-Type"] = call.media
        if isinstance(call.body, Upload):
            headers["Content-Length"] = str(call.body.size)
        return headers

    def _silent(self, fault: HTTPError, call: Call) -> Trouble:
        match fault:
            case ConnectTimeoutError():
                what, todo = "cannot be reached", "Is it up? `make up` starts it; FOREWARN_URL says where it is"
            case TimeoutError():
                what, todo = f"did not answer within {call.patience:g} s", "Try again, or see its log"
            case SSLError():
                what, todo = "has no certificate that this machine trusts", "Check the URL and the certificate"
            case _:
                what, todo = "hung up before it answered", "Try again, or see its log"
        return Trouble(Kind.UNREACHABLE, what, todo, self._where)
