"""Marks of one batch, joined: what its calls ask of Redis at the same moment travels together."""

import asyncio
from collections.abc import Collection, Sequence

from forewarn.contracts.messages import Batch, Recipient
from services.dispatch.ports import Marks, Refused

GATHERING_SECONDS = 0.005
"""So long an answer waits for others to be written with it; a process that dies meanwhile has calls in the air."""


class Joint:
    """*begin* and *finish* for the calls of one runner, each still before and after its own call.

    Those of about the same moment go as one: ten calls of fifty cost a few scripts, not twenty.
    """

    def __init__(self, marks: Marks, batch: Batch, token: str, barred: Collection[int]) -> None:
        self._marks, self._batch, self._token, self._barred = marks, batch, token, barred
        self._beginning, self._finishing = asyncio.Lock(), asyncio.Lock()
        self._to_begin: list[tuple[Sequence[Recipient], asyncio.Future[str | Refused]]] = []
        self._ended: dict[int, str] = {}

    async def begin(self, recipients: Sequence[Recipient]) -> str | Refused:
        """See `Marks.begin`; a refusal is one of all who asked at once."""
        answer: asyncio.Future[str | Refused] = asyncio.get_running_loop().create_future()
        self._to_begin.append((recipients, answer))
        async with self._beginning:
            if not answer.done():
                await asyncio.sleep(0)  # whoever begins in this turn of the loop comes along
                await self._begin_all()
        return answer.result()

    async def _begin_all(self) -> None:
        asked, self._to_begin = self._to_begin, []
        everybody = [recipient for recipients, _ in asked for recipient in recipients]
        try:
            letters = await self._marks.begin(self._batch, self._token, everybody, self._barred)
        except Exception as fault:  # of whatever kind: it is the answer of all who asked
            for _, answer in asked:
                answer.set_exception(fault)
            return
        at = 0
        for recipients, answer in asked:
            answer.set_result(letters if isinstance(letters, Refused) else letters[at : at + len(recipients)])
            at += len(recipients)

    async def finish(self, letters: dict[int, str]) -> None:
        """See `Marks.finish`."""
        self._ended |= letters
        async with self._finishing:
            if self._ended:
                await asyncio.sleep(GATHERING_SECONDS)
                ended, self._ended = self._ended, {}
                await self._marks.finish(self._batch, ended)
