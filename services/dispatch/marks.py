"""Marks, lease and turn in Redis, each step one script; see `ports.Marks`."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import redis.asyncio
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential

from forewarn.contracts.messages import Batch, Recipient
from forewarn.contracts.names import (
    CONTROL_KEY,
    PAUSED_KEY,
    STOPPED_KEY,
    SUPPRESSED_KEY,
    lease_key,
    marks_key,
    paused_words,
    stopped_word,
    turn_key,
)
from forewarn.delivery import ACCEPTED, IN_AIR, UNKNOWN, Reason, letter_of
from forewarn.notice import Lane
from forewarn.runtime.killpoint import killpoint
from forewarn.runtime.redis import AWAY, scripts
from services.dispatch.ports import Lease, Refused

LUA = scripts(Path(__file__).parent / "lua")

NOT_A_GUEST = letter_of(Reason.NOT_A_GUEST)

KEPT_AFTER_EXPIRY_SECONDS = 24 * 3600
ANSWER_KEPT_SECONDS = 120
"""So long an answer that Redis could not take is tried again: a lost answer would be a second call."""


class RedisMarks:
    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client
        self._scripts: dict[str, Any] = {name: client.register_script(text) for name, text in LUA.items()}

    async def acquire(self, batch: Batch, token: str) -> Lease | Refused:
        keep = int(batch.expires_at.timestamp()) + KEPT_AFTER_EXPIRY_SECONDS
        try:
            words = stopped_word(batch.notice_id, batch.channel), *paused_words(batch.channel, batch.outage)
            own = [lease_key(batch.batch_id), turn_key(batch.batch_id), marks_key(batch.batch_id)]
            answer = await self._scripts["acquire"](
                keys=[CONTROL_KEY, PAUSED_KEY, STOPPED_KEY, *own],
                args=[token, batch.turn, batch.epoch, batch.size, keep, *words],
            )
        except AWAY:
            return Refused.NO_SNAPSHOT  # without Redis nothing is sent, and nothing fails: the batch waits
        return Refused(answer) if answer in list(Refused) else Lease(token, answer)

    async def renew(self, batch: Batch, token: str) -> bool:
        try:
            return bool(await self._scripts["renew"](keys=[lease_key(batch.batch_id)], args=[token]))
        except AWAY:
            return False  # the next renewal may succeed; *begin* asks for the lease anyway

    async def begin(
        self, batch: Batch, token: str, recipients: Sequence[Recipient], barred: Collection[int] = ()
    ) -> str | Refused:
        try:
            answer: str = await self._scripts["begin"](
                keys=[
                    *(CONTROL_KEY, SUPPRESSED_KEY, PAUSED_KEY, STOPPED_KEY),
                    *(lease_key(batch.batch_id), marks_key(batch.batch_id)),
                ],
                args=[token, *_terms(batch), *_asked(batch, recipients, barred)],
            )
        except AWAY:
            return Refused.NO_SNAPSHOT
        killpoint("send.begun")
        return Refused(answer) if answer in list(Refused) else answer

    async def finish(self, batch: Batch, letters: Mapping[int, str]) -> None:
        ended = {place: letter for place, letter in letters.items() if letter != IN_AIR}
        if not ended:
            return
        killpoint("send.answered")
        words = _places(ended), "".join(ended.values())
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(AWAY),
            stop=stop_after_delay(ANSWER_KEPT_SECONDS),
            wait=wait_exponential(0.05, max=2),
            reraise=True,
        ):
            with attempt:
                await self._scripts["finish"](keys=[marks_key(batch.batch_id)], args=[UNKNOWN, ACCEPTED, *words])

    async def read(self, batch: Batch) -> str | None:
        try:
            marks = await self._client.get(marks_key(batch.batch_id))
        except AWAY:
            return None  # what this runner heard itself is known without them
        return None if marks is None else str(marks)

    async def free(self, batch: Batch, token: str, turn: int) -> None:
        keys = [lease_key(batch.batch_id), turn_key(batch.batch_id)]
        with suppress(*AWAY):  # the lease ends by itself
            await self._scripts["free"](keys=keys, args=[token, turn, batch.epoch])


def _terms(batch: Batch) -> list[str | int]:
    """Under which terms this batch may call, as begin.lua reads them."""
    expires_ms, may_repeat = int(batch.expires_at.timestamp() * 1000), int(batch.lane is Lane.URGENT)
    paused = paused_words(batch.channel, batch.outage)
    letters = letter_of(Reason.EXPIRED), UNKNOWN
    stopped = stopped_word(batch.notice_id, batch.channel)
    return [batch.epoch, expires_ms, may_repeat, *letters, stopped, len(paused), *paused]


def _asked(batch: Batch, recipients: Sequence[Recipient], barred: Collection[int]) -> list[str]:
    """Positions, who stands there, and the letters of those who may not be called; few words, as begin.lua reads."""
    positions = [recipient.position for recipient in recipients]
    letters = "".join(NOT_A_GUEST if place in barred else " " for place in positions) if barred else ""
    ids = ",".join([str(recipient.subscriber_id) for recipient in recipients])
    return [_places(positions), f"{batch.channel}:", ids, letters]


def _places(positions: Collection[int]) -> str:
    """Positions as begin.lua and finish.lua read them."""
    found = list(positions)
    if found == list(range(found[0], found[0] + len(found))):
        return f"{found[0]}-{found[-1]}"
    return ",".join(map(str, found))
