"""A provider whose every call is counted and timed."""

from collections.abc import Sequence

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Answer
from services.dispatch.breaker import Result, result_of
from services.dispatch.metrics import CALLS_IN_FLIGHT, PROVIDER_CALL_SECONDS, PROVIDER_CALLS, provider_at_zero
from services.dispatch.ports import Connected, Provider


def label_of(provider: Provider) -> str:
    """The provider's name as a metric label: `ses`, `smtp`, `webhook`."""
    return provider.account.partition(":")[0]


class Watched:
    """The same provider; those of tests are calls like any other."""

    def __init__(self, provider: Provider) -> None:
        self._provider, name = provider, label_of(provider)
        provider_at_zero(name)
        self.seconds, self.in_flight = PROVIDER_CALL_SECONDS.labels(name), CALLS_IN_FLIGHT.labels(name)
        self.counted = {result: PROVIDER_CALLS.labels(name, result) for result in Result}

    @property
    def account(self) -> str:
        return self._provider.account

    @property
    def cap_per_second(self) -> float | None:
        return self._provider.cap_per_second

    @property
    def call_size(self) -> int:
        return self._provider.call_size

    @property
    def calls_at_once(self) -> int:
        return self._provider.calls_at_once

    def prepare(self, batch: Batch) -> "Prepared":
        return Prepared(self._provider.prepare(batch), self)

    async def close(self) -> None:
        await self._provider.close()


class Prepared:
    """One batch's words with the provider that is watched."""

    def __init__(self, connected: Connected, watched: Watched) -> None:
        self._connected, self._watched = connected, watched

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        """As the provider has it. A call that raises is counted as one without an answer, one not made not at all."""
        watched = self._watched
        result: Result | None = Result.UNANSWERED
        with watched.in_flight.track_inprogress(), watched.seconds.time():
            try:
                answers = await self._connected.call(recipients)
                result = result_of(answers)
                return answers
            finally:
                if result is not None:
                    watched.counted[result].inc()
