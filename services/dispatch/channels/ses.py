"""Amazon SES: one SendBulkEmail is up to 50 recipients, over connections that are kept."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Answer
from forewarn.mode import Mode
from forewarn.runtime.logs import logger
from forewarn.runtime.settings import on_this_machine
from services.dispatch.channels.bulk import Bulk
from services.dispatch.channels.mail import Unsafe
from services.dispatch.channels.ses_said import ANSWERS, FOR_A_PERSON, Said, heard
from services.dispatch.metrics import PROVIDER_ANSWERS
from services.dispatch.settings import DispatchSettings, Unusable

if TYPE_CHECKING:  # botocore is loaded where SES is used, and not else
    from services.dispatch.channels.aws import Aws

log = logger(__name__)

CALL_SECONDS = 9.0
CONNECT_SECONDS = 3.0
SHORTEST_SECONDS = 4.0
"""With less left of its time a request is not begun: it could not tell a slow connection from a slow answer."""
IDLE_SECONDS = 8.0
MOST_BYTES = 40_000_000
"""Of a message by API v2; a request holds more than a message of it."""
SAID_AGAIN_SECONDS = 30.0
"""How often the log says the same of the account."""


class Ses:
    """An account's SES, shared by `batches` at once so that no begun call waits for a free connection."""

    call_size = 50

    def __init__(self, aws: "Aws", connections: int, batches: int, configuration_set: str = "") -> None:
        """On a running loop."""
        self.calls_at_once, self._aws, self._set = max(1, connections // batches), aws, configuration_set
        self._url = URL(aws.url, encoded=True)
        self._complained: dict[Said, float] = {}
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self.calls_at_once * batches,
                keepalive_timeout=IDLE_SECONDS,
                ssl=aws.tls or True,
            ),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Forewarn"},
            proxy=aws.proxy,
        )

    def prepare(self, batch: Batch) -> "Prepared":
        return Prepared(self, batch, Bulk(batch, self._set))

    async def close(self) -> None:
        await self._http.close()

    async def ask(self, body: bytes, entries: int, sender: str, until: float) -> list[Said]:
        """One request and what was said of each entry, before `until` on the monotonic clock; nothing is repeated."""
        on_the_wire = False
        if len(body) > MOST_BYTES:
            return [Said.BAD_REQUEST] * entries
        try:
            async with asyncio.timeout(until - time.monotonic()):
                if (headers := await self._aws.headers(body)) is None:
                    return [Said.NO_CREDENTIALS] * entries
                if until - time.monotonic() < SHORTEST_SECONDS:  # or this process stood still
                    return [Said.NOT_REACHED] * entries
                on_the_wire = True
                async with self._http.post(self._url, data=body, headers=headers, allow_redirects=False) as got:
                    answer = await got.read()
                    return heard(got.status, got.headers.get("X-Amzn-ErrorType", ""), answer, entries, sender)
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.ConnectionTimeoutError):
            return [Said.NOT_REACHED] * entries
        except (TimeoutError, aiohttp.ClientError, OSError):
            return [Said.NO_ANSWER if on_the_wire else Said.NOT_REACHED] * entries

    def note(self, said: Sequence[Said], test: bool) -> None:
        """Count what was said of recipients; log what somebody must see to."""
        for each, times in Counter(said).items():
            if not test:
                PROVIDER_ANSWERS.labels("ses", each).inc(times)
            now = time.monotonic()
            if each in FOR_A_PERSON and now - self._complained.get(each, -SAID_AGAIN_SECONDS) >= SAID_AGAIN_SECONDS:
                self._complained[each] = now
                log.error("ses_refuses_us", said=str(each), recipients=times, see="docs/runbook.md")


class Prepared:
    """One batch's words over the account's connections."""

    def __init__(self, ses: Ses, batch: Batch, bulk: Bulk) -> None:
        self._ses, self._bulk = ses, bulk
        self._sender, self._test = batch.sender_address, batch.test

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        until = time.monotonic() + CALL_SECONDS
        entries = [self._entry(recipient) for recipient in recipients]
        told = iter(await self._tell([entry for entry in entries if entry is not None], until))
        said = [Said.UNSENDABLE if entry is None else next(told) for entry in entries]
        self._ses.note(said, self._test)
        return [ANSWERS[each] for each in said]

    def _entry(self, recipient: Recipient) -> bytes | None:
        try:
            return self._bulk.entry(recipient)
        except Unsafe:
            return None

    async def _tell(self, entries: Sequence[bytes], until: float) -> list[Said]:
        """What is said of each; a refused request is halved until the entry stands alone that it was refused for."""
        if not entries:
            return []
        said = await self._ses.ask(self._bulk.request(entries), len(entries), self._sender, until)
        if len(entries) == 1 or Said.BAD_REQUEST not in said:
            return said
        half = len(entries) // 2
        return await self._tell(entries[:half], until) + await self._tell(entries[half:], until)


async def open_ses(settings: DispatchSettings, now: Callable[[], datetime]) -> Ses:
    """SES as AWS's environment says. Raises Unusable if it cannot be found, or may not be used in this mode."""
    from services.dispatch.channels.aws import find_aws

    aws = await asyncio.to_thread(find_aws, "sesv2", "SendBulkEmail")
    scheme, host = urlsplit(aws.url).scheme, urlsplit(aws.url).hostname or ""
    if not on_this_machine(host):
        if settings.delivery is Mode.SANDBOX:
            raise Unusable(
                f"AWS_ENDPOINT_URL_SESV2: in delivery mode sandbox a loopback address only, not {host};"
                " set FOREWARN_DELIVERY to guests or live to send by SES"
            )
        if scheme != "https":
            raise Unusable(f"AWS_ENDPOINT_URL_SESV2: {host} is reached by https only")
    return Ses(aws, settings.ses_connections, settings.threads, settings.ses_configuration_set)
