"""One batch by SES: whom a refused request was refused for, and whether it was anybody at all."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Answer
from services.dispatch.channels.bulk import Bulk
from services.dispatch.channels.mail import Unsafe
from services.dispatch.channels.ses_said import ANSWERS, REFUSALS, Said

MANY = 10
"""So many entries of a call are not all at fault themselves, though SES names each of them."""
MAY_BE_THE_CALENDAR = REFUSALS | {Said.NOT_ALLOWED}
"""What SES may say of a request because of the entry for the calendar that it carries."""


class Account(Protocol):
    """What a batch needs of `Ses`."""

    async def ask(self, body: bytes, entries: int, begun: float) -> list[Said]: ...
    def note(self, said: Mapping[Said, int], test: bool) -> None: ...
    def complain(self, event: str, **fields: Any) -> None: ...


class Prepared:
    """One batch's words over the account's connections."""

    def __init__(self, ses: Account, batch: Batch, bulk: Bulk) -> None:
        self._ses, self._bulk, self._test = ses, bulk, batch.test
        self._entry_taken = False  # whether SES took the entry for the calendar
        self._taken = self._refused = False  # whether SES took the batch's words for anybody, or for nobody asked

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        """Never raises: a fault of ours is logged, and ends nobody."""
        begun = time.monotonic()
        entries = [self._entry(recipient) for recipient in recipients]
        told = iter(self._judged(await self._tell([entry for entry in entries if isinstance(entry, bytes)], begun)))
        said = [next(told) if isinstance(entry, bytes) else entry for entry in entries]
        numbers = Counter(said)
        self._ses.note(numbers, self._test)
        return [ANSWERS[said[0]]] * len(said) if len(numbers) == 1 else [ANSWERS[each] for each in said]

    def _entry(self, recipient: Recipient) -> bytes | Said:
        try:
            return self._bulk.entry(recipient)
        except Unsafe:
            return Said.UNSENDABLE
        except Exception as fault:
            self._ses.complain("ses_entry_failed", error=type(fault).__name__)
            return Said.NOT_REACHED

    async def _tell(self, entries: Sequence[bytes], begun: float) -> list[Said]:
        """What is said of each; a refused request is halved until the entry stands alone that it was refused for."""
        if not entries:
            return []
        said = await self._ask(entries, begun)
        known_bad = self._refused and not self._taken
        if len(entries) == 1 or Said.BAD_REQUEST not in said or known_bad:
            return said
        half = len(entries) // 2
        return await self._tell(entries[:half], begun) + await self._tell(entries[half:], begun)

    async def _ask(self, entries: Sequence[bytes], begun: float) -> list[Said]:
        """What is refused of everybody is asked once more without the entry for the calendar: no notice may fail by it.

        If SES takes somebody's like that, the batch goes without from then on.
        """
        carried = self._bulk.has_calendar
        said = await self._ses.ask(self._bulk.request(entries), len(entries), begun)
        self._entry_taken = self._entry_taken or (carried and Said.SUCCESS in said)
        if not carried or self._entry_taken or not MAY_BE_THE_CALENDAR.issuperset(said):
            return said
        said = await self._ses.ask(self._bulk.request(entries, bare=True), len(entries), begun)
        if Said.SUCCESS in said and self._bulk.has_calendar:
            self._bulk.drop_calendar()
            self._ses.complain("ses_refuses_calendar", see="docs/decisions/0017-calendar-entries.md")
        return said

    def _judged(self, told: Sequence[Said]) -> Sequence[Said]:
        """A refusal is a person's own only if SES took the same words for somebody else, or if they were asked alone.

        Else it is our request: 50 people must not end by a header that SES does not like, nor must each batch's next
        calls be halved down to single people, a hundred requests a call.
        """
        self._taken = self._taken or Said.SUCCESS in told
        if self._taken:
            return told
        alone = len(told) == 1 and not self._refused
        of_all = Said.BAD_REQUEST in told or (len(told) >= MANY and REFUSALS.issuperset(told))
        if alone or not of_all:
            return told
        self._refused = True
        return [Said.REQUEST_REFUSED if each in REFUSALS else each for each in told]
