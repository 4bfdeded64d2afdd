"""A provider behind its breaker, and the one that is called while the breaker is open."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Answer, NotReached
from forewarn.runtime.logs import logger
from services.dispatch.breaker import Breaker, Result, State, result_of
from services.dispatch.metrics import BREAKER_STATE
from services.dispatch.ports import Connected, Provider
from services.dispatch.watched import label_of

log = logger(__name__)

AWAY = NotReached()
OTHER_WAY = NotReached(timedelta(0))
"""Nothing went on the wire, and there is another way by now: those of this call come again at once, not after the
longer and longer waits of a provider that is away. Else whoever comes back last would be the one who tries, every time.
"""

TRIES = 1
"""Half-open, so many people try whether the primary answers: if it does not, that may be all they hear."""

_STATES = list(State)


class Fallback:
    """The primary while its breaker is closed, else the secondary; without one nobody is called meanwhile.

    Account, cap and sizes are those of whoever is called now, and may change from one call to the next: they are
    asked before each. A call goes to one provider and never to both: what was on the wire and not answered stays
    unanswered.
    """

    def __init__(
        self,
        primary: Provider,
        secondary: Provider | None,
        breaker: Breaker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds and never goes back."""
        self.primary, self.secondary, self._breaker, self._clock = primary, secondary, breaker, clock
        self._name = label_of(primary)
        BREAKER_STATE.labels(self._name).set_function(lambda: _STATES.index(self.state))

    @property
    def state(self) -> State:
        return self._breaker.state(self._clock())

    @property
    def way(self) -> Provider:
        """Who is called now; half-open it is the secondary still, but for the one call that tries."""
        return self.primary if self.secondary is None or self.state is State.CLOSED else self.secondary

    @property
    def turned(self) -> bool:
        """Whether whoever comes now goes by the secondary."""
        return self.way is self.secondary

    @property
    def account(self) -> str:
        return self.way.account

    @property
    def cap_per_second(self) -> float | None:
        return self.way.cap_per_second

    @property
    def call_size(self) -> int:
        return TRIES if self.state is State.HALF_OPEN else self.way.call_size

    @property
    def calls_at_once(self) -> int:
        return self.way.calls_at_once

    def prepare(self, batch: Batch) -> "Prepared":
        return Prepared(self, batch)

    async def close(self) -> None:
        await self.primary.close()
        if self.secondary is not None:
            await self.secondary.close()

    @property
    def wait(self) -> timedelta:
        """How long until the primary may be called again."""
        return timedelta(seconds=self._breaker.wait(self._clock()))

    def admit(self, recipients: int) -> int | None:
        """The primary's breaker's leave to call it for so many, or None."""
        most = self.primary.call_size if self.state is State.CLOSED else TRIES
        return self._breaker.admit(self._clock()) if recipients <= most else None

    def heard(self, admitted: int, result: Result | None) -> None:
        """What the call came to that was let; None: it was not made."""
        before = self.state
        self._breaker.heard(admitted, result, self._clock())
        if self.state is not before:
            other = None if self.secondary is None else label_of(self.secondary)
            log.warning("breaker_turned", provider=self._name, state=str(self.state), fallback=other)


class Prepared:
    """One batch's words, with each provider when it is called first."""

    def __init__(self, ways: Fallback, batch: Batch) -> None:
        """Raises what the provider raises that is called now."""
        self._ways, self._batch = ways, batch
        self._prepared: dict[Provider, Connected] = {}
        self._with(ways.way)

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        ways = self._ways
        if (admitted := ways.admit(len(recipients))) is not None:
            return await self._tried(recipients, admitted)
        if ways.secondary is None:
            return [NotReached(ways.wait)] * len(recipients)  # zero if fewer could try: they come again at once
        if len(recipients) > ways.secondary.call_size:
            return [OTHER_WAY] * len(recipients)
        return await self._by(ways.secondary, recipients)

    async def _tried(self, recipients: Sequence[Recipient], admitted: int) -> Sequence[Answer]:
        result: Result | None = Result.UNANSWERED  # of a call that raised
        try:
            answers = await self._by(self._ways.primary, recipients)
            result = result_of(answers)
        finally:
            self._ways.heard(admitted, result)
        return [OTHER_WAY if answer == AWAY else answer for answer in answers] if self._ways.turned else answers

    async def _by(self, provider: Provider, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        try:
            connected = self._with(provider)
        except Exception as fault:  # they are marked as being called by now: nobody may end by it
            log.error("not_prepared", provider=label_of(provider), error=type(fault).__name__)
            return [AWAY] * len(recipients)
        return await connected.call(recipients)

    def _with(self, provider: Provider) -> Connected:
        if (connected := self._prepared.get(provider)) is None:
            connected = self._prepared[provider] = provider.prepare(self._batch)
        return connected
