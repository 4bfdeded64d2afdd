"""A provider that answers as it is told, and remembers whom it was called for."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Accepted, Answer

Script = Mapping[int, Sequence[Answer | Exception]]


class FakeProvider:
    """Answers by position: the first of its script at the first call, then the next; Accepted without one."""

    def __init__(self, script: Script | None = None, *, calls_at_once: int = 4, call_size: int = 1) -> None:
        self.account = "fake"
        self.cap_per_second: float | None = None
        self.calls_at_once, self.call_size = calls_at_once, call_size
        self.called: list[int] = []
        self.on_call: Callable[[int], None] = lambda position: None
        self.seconds = 0.0
        self._script = {position: list(answers) for position, answers in (script or {}).items()}

    def prepare(self, batch: Batch) -> "FakeProvider":
        return self

    async def close(self) -> None: ...

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        self.called += [recipient.position for recipient in recipients]
        for recipient in recipients:
            self.on_call(recipient.position)
        await asyncio.sleep(self.seconds)
        return [self._answer(recipient.position) for recipient in recipients]

    def _answer(self, position: int) -> Answer:
        script = self._script.get(position)
        answer = script.pop(0) if script else Accepted()
        if isinstance(answer, Exception):
            raise answer
        return answer
