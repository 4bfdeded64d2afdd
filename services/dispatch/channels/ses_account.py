"""What SES says of the account, asked now and then: how much it takes in a second, and whether it sends at all."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import orjson
from yarl import URL

from forewarn.delivery import LONGEST_AWAY, backoff
from forewarn.runtime.logs import logger
from services.dispatch.channels.timely import CALL, Call, Late
from services.dispatch.metrics import PROVIDER_SENDING

if TYPE_CHECKING:
    from services.dispatch.channels.aws import Aws

log = logger(__name__)

EVERY_SECONDS = 60.0
ANSWER_SECONDS = 5.0
OPERATION = "GetAccount"


@dataclass(frozen=True, slots=True)
class Account:
    """`per_second` in recipients; None if SES names no rate that could be kept."""

    per_second: float | None
    sending: bool


class Unheard(Exception):
    """SES did not say; why, in a word or a status."""


class Watch:
    """What SES said last. While it does not answer, that holds; before it ever did, it limits nobody."""

    def __init__(self, ask: Callable[[], Awaitable[Account]]) -> None:
        """`ask` raises Unheard. On a running loop, on which it is asked from now on."""
        self.account = Account(None, True)
        self._ask, self._failed = ask, 0
        self._asking = asyncio.get_running_loop().create_task(self._forever())

    async def close(self) -> None:
        self._asking.cancel()
        with suppress(asyncio.CancelledError):
            await self._asking

    async def _forever(self) -> None:
        while True:
            await self.look()
            away = min(backoff(self._failed), LONGEST_AWAY).total_seconds()
            await asyncio.sleep(away if self._failed else EVERY_SECONDS)

    async def look(self) -> None:
        """Ask once. Never raises."""
        try:
            account = await self._ask()
        except Exception as fault:  # of whatever kind: it is asked again
            self._failed += 1
            if self._failed == 1:
                why = str(fault) if isinstance(fault, Unheard) else type(fault).__name__
                log.warning("ses_account_not_told", why=why, kept=self.account.per_second)
            return
        if self.account.sending and not account.sending:
            log.error("ses_may_not_send", see="docs/runbook.md")
        elif account.sending and not self.account.sending:
            log.info("ses_sends_again")
        self._failed, self.account = 0, account
        PROVIDER_SENDING.labels("ses").set(account.sending)


async def ask_account(http: aiohttp.ClientSession, aws: "Aws") -> Account:
    """One GetAccount, signed. Raises Unheard."""
    url = aws.beside[OPERATION]
    CALL.set(Call(time.monotonic()))
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            if (headers := await aws.signed("GET", url)) is None:
                raise Unheard("no credentials")
            async with http.get(URL(url, encoded=True), headers=headers, allow_redirects=False) as got:
                body = await got.read()
                return account_of(got.status, body)
    except (Late, TimeoutError, aiohttp.ClientError, OSError) as fault:
        raise Unheard(type(fault).__name__) from None


def account_of(status: int, body: bytes) -> Account:
    """The account as GetAccount's answer has it. Raises Unheard."""
    if status != 200:
        raise Unheard(f"HTTP {status}")
    try:
        told = orjson.loads(body)
        rate, sending = float(told["SendQuota"]["MaxSendRate"]), told.get("SendingEnabled", True)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise Unheard("not readable") from None
    return Account(rate if rate > 0 else None, sending is not False)
