"""Webhooks (Standard Webhooks 1.0): one signed POST a recipient, to its own endpoint and to nothing of ours."""

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import ClientSession, DummyCookieJar
from pydantic import TypeAdapter
from yarl import URL

from forewarn.contracts.addresses import Webhook as Endpoint
from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Answer
from forewarn.mode import Mode
from forewarn.runtime.logs import logger
from services.dispatch.channels.bounded import Bounding
from services.dispatch.channels.guard import Guard, plain
from services.dispatch.channels.hosts import Busy, Hosts
from services.dispatch.channels.letter import Letter
from services.dispatch.channels.post import post
from services.dispatch.channels.road import Open, Road, Sandboxed
from services.dispatch.channels.timely import WIRE_SECONDS, Call, Timely
from services.dispatch.channels.webhook_said import Heard, Said
from services.dispatch.metrics import PROVIDER_ANSWERS
from services.dispatch.settings import DispatchSettings

log = logger(__name__)

IDLE_SECONDS = 1.5
"""Shorter than servers keep a quiet connection (gunicorn 2 s, Node and Apache 5 s): a call that meets one just closed
gets no answer, and counts as such."""

_ENDPOINT = TypeAdapter[str](Endpoint)

Now = Callable[[], datetime]


class Webhooks:
    """Endpoints over one session, shared by `batches` at once. `keys` sign, the newest first."""

    account = "webhook"
    cap_per_second: float | None = None
    call_size = 1

    def __init__(
        self, session: ClientSession, road: Road, hosts: Hosts, keys: Sequence[str], calls_at_once: int, now: Now
    ) -> None:
        self._session, self._road, self._hosts = session, road, hosts
        self._keys, self.calls_at_once, self._now = keys, calls_at_once, now

    def prepare(self, batch: Batch) -> "Prepared":
        return Prepared(self._session, self._road, self._hosts, Letter(batch, self._keys, self._now), batch)

    async def close(self) -> None:
        await self._session.close()
        await self._road.close()


class Prepared:
    """One batch's words on the way to its endpoints."""

    def __init__(self, session: ClientSession, road: Road, hosts: Hosts, letter: Letter, batch: Batch) -> None:
        self._session, self._road, self._hosts = session, road, hosts
        self._letter, self._test, self._lane = letter, batch.test, batch.lane
        self._complained = False

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        """Never raises: a fault that no endpoint causes is logged, once for a batch, and ends nobody."""
        (recipient,) = recipients
        call = Call(time.monotonic())
        try:
            heard = await self._called(recipient, call)
        except Exception as fault:
            heard = Heard(Said.NO_ANSWER if call.on_the_wire else Said.UNSENT)
            self._complain(fault)
        if not self._test:
            PROVIDER_ANSWERS.labels("webhook", heard.said).inc()
        return [heard.answer]

    def _complain(self, fault: Exception) -> None:
        """The type only: its text can hold a URL."""
        if not self._complained:
            self._complained = True
            log.error("webhook_call_failed", error=type(fault).__name__)

    async def _called(self, recipient: Recipient, call: Call) -> Heard:
        try:
            url = endpoint_of(recipient.address)
        except ValueError:
            return Heard(Said.BAD_URL)
        try:
            async with self._hosts.slot(plain(url.raw_host or ""), self._lane):
                return await self._posted(recipient, url, call)
        except Busy:
            return Heard(Said.BUSY)

    async def _posted(self, recipient: Recipient, url: URL, call: Call) -> Heard:
        try:
            async with asyncio.timeout(call.left(WIRE_SECONDS)):
                to = await self._road.to(url)
        except TimeoutError:  # the name's servers do not answer, or ours
            to = Said.UNREACHABLE
        if isinstance(to, Said):
            return Heard(to)
        return await post(self._session, to, *self._letter.to(recipient, url), call)


def endpoint_of(address: str) -> URL:
    """The URL, every character of its path kept. Raises ValueError for what the directory would not take today."""
    url = URL(_ENDPOINT.validate_python(address), encoded=True)
    if not url.port:  # reading it raises beyond 65535
        raise ValueError("no port to connect to")
    return url


async def open_webhooks(settings: DispatchSettings, now: Now) -> Webhooks:
    """The endpoints of the world; in mode sandbox all of them are the sandbox's."""
    guard = Guard(settings.webhook_networks, settings.webhook_connections)
    sandboxed = settings.delivery is Mode.SANDBOX
    road: Road = Sandboxed(settings.webhook_sandbox_port) if sandboxed else Open(guard)
    at_once = max(1, settings.webhook_connections // settings.threads)
    session = new_session(guard, at_once * settings.threads, ssl.create_default_context())
    keys = [key.get_secret_value() for key in settings.webhook_keys]
    return Webhooks(session, road, Hosts(settings.webhook_per_host), keys, at_once, now)


def new_session(guard: Guard, connections: int, tls: ssl.SSLContext) -> ClientSession:
    """A session that connects to what the guard has checked, keeps no cookies, and obeys no proxy of the environment.

    Calls to one host are counted by `Hosts`, as URLs name it: in mode sandbox the connector sees only one.
    """
    connector = Bounding(
        limit=connections, ssl=tls, resolver=guard, use_dns_cache=False, keepalive_timeout=IDLE_SECONDS
    )
    return ClientSession(
        connector=connector,
        request_class=Timely,
        cookie_jar=DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        skip_auto_headers=("Accept-Encoding",),
        read_bufsize=16 * 1024,
    )
