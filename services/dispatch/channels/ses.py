"""Amazon SES: one SendBulkEmail is up to 50 recipients, over connections that are kept."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from forewarn.contracts.messages import Batch
from forewarn.mode import Mode
from forewarn.runtime.logs import logger
from forewarn.runtime.settings import on_this_machine
from services.dispatch.channels.bulk import Bulk
from services.dispatch.channels.ses_account import OPERATION, Watch, ask_account
from services.dispatch.channels.ses_batch import Prepared
from services.dispatch.channels.ses_heard import heard
from services.dispatch.channels.ses_said import FOR_A_PERSON, Said
from services.dispatch.channels.timely import CALL, CALL_SECONDS, Call, Late, Timely
from services.dispatch.metrics import PROVIDER_ANSWERS
from services.dispatch.settings import DispatchSettings, Unusable

if TYPE_CHECKING:  # botocore is loaded where SES is used, and not else
    from services.dispatch.channels.aws import Aws

log = logger(__name__)

CONNECT_SECONDS = 3.0
IDLE_SECONDS = 8.0
MOST_BYTES = 40_000_000
"""Of a message by API v2; a request holds more than a message of it."""
SAID_AGAIN_SECONDS = 30.0
"""How often the log says the same."""


class Ses:
    """An account's SES, shared by `batches` at once so that no begun call waits for a free connection."""

    call_size = 50

    def __init__(self, aws: "Aws", connections: int, batches: int, configuration_set: str = "") -> None:
        """On a running loop."""
        self.calls_at_once, self._aws, self._set = max(1, connections // batches), aws, configuration_set
        self.account = f"ses:{aws.region}"  # whose rate is one, whatever configuration sets are used
        self._url = URL(aws.url, encoded=True)
        self._complained: dict[tuple[str, Any], float] = {}
        self._watch: Watch | None = None
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self.calls_at_once * batches + 1,  # one for questions about the account
                keepalive_timeout=IDLE_SECONDS,
                ssl=aws.tls or True,
            ),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
            request_class=Timely,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Forewarn"},
            proxy=aws.proxy,
        )

    def watch(self) -> None:
        """Ask for the account's rate from now on, on the running loop."""
        self._watch = Watch(lambda: ask_account(self._http, self._aws))

    @property
    def cap_per_second(self) -> float | None:
        """The account's rate, as SES said last."""
        return None if self._watch is None else self._watch.account.per_second

    def prepare(self, batch: Batch) -> Prepared:
        return Prepared(self, batch, Bulk(batch, self._set))

    async def close(self) -> None:
        if self._watch is not None:
            await self._watch.close()
        await self._http.close()

    async def ask(self, body: bytes, entries: int, begun: float) -> list[Said]:
        """One request and what was said of each entry, before the time of a call that began at `begun` is over.

        Nothing is repeated, and nothing is raised.
        """
        call = Call(begun)
        CALL.set(call)
        if len(body) > MOST_BYTES:
            return [Said.BAD_REQUEST] * entries
        try:
            async with asyncio.timeout(call.left(CALL_SECONDS)):
                if call.late:
                    raise Late
                if (headers := await self._aws.headers(body)) is None:
                    return [Said.NO_CREDENTIALS] * entries
                async with self._http.post(self._url, data=body, headers=headers, allow_redirects=False) as got:
                    answer = await got.read()
                    return heard(got.status, got.headers.get("X-Amzn-ErrorType", ""), answer, entries)
        except (Late, TimeoutError, aiohttp.ClientError, OSError):
            pass
        except Exception as fault:
            self.complain("ses_call_failed", error=type(fault).__name__)  # its text can hold an address
        return [Said.NO_ANSWER if call.on_the_wire else Said.NOT_REACHED] * entries

    def note(self, said: Mapping[Said, int], test: bool) -> None:
        """Count what was said, and of how many recipients; log what somebody must see to."""
        for each, times in said.items():
            if not test:
                PROVIDER_ANSWERS.labels("ses", each).inc(times)
            if each in FOR_A_PERSON:
                self.complain("ses_refuses_us", said=str(each), recipients=times, see="docs/runbook.md")

    def complain(self, event: str, **fields: Any) -> None:
        """Log an error; the same one (by its first field) every 30 s at most."""
        same, now = (event, next(iter(fields.values()))), time.monotonic()
        if now - self._complained.get(same, -SAID_AGAIN_SECONDS) >= SAID_AGAIN_SECONDS:
            self._complained[same] = now
            log.error(event, **fields)


async def open_ses(settings: DispatchSettings, now: Callable[[], datetime]) -> Ses:
    """SES as AWS's environment says. Raises Unusable if it cannot be found, or may not be used in this mode."""
    from services.dispatch.channels.aws import find_aws

    aws = await asyncio.to_thread(find_aws, "sesv2", "SendBulkEmail", OPERATION)
    scheme, host = urlsplit(aws.url).scheme, urlsplit(aws.url).hostname or ""
    if not on_this_machine(host):
        if settings.delivery is Mode.SANDBOX:
            raise Unusable(
                f"AWS_ENDPOINT_URL_SESV2: in delivery mode sandbox a loopback address only, not {host};"
                " set FOREWARN_DELIVERY to guests or live to send by SES"
            )
        if scheme != "https":
            raise Unusable(f"AWS_ENDPOINT_URL_SESV2: {host} is reached by https only")
    ses = Ses(aws, settings.ses_connections, settings.threads, settings.ses_configuration_set)
    ses.watch()
    return ses
