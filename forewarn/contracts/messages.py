"""Messages between workers: ids for most, everything a batch needs for `Batch`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidatorFunctionWrapHandler, WrapValidator

from forewarn.content import Content
from forewarn.notice import Channel, Lane


class Message(BaseModel):
    """Frozen; readers ignore fields they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OutageRevised(Message):
    """An outage has a newer revision than its plan; the planner plans the newest it finds."""

    outage_id: int


class WindowDue(Message):
    """A window's batches are to be frozen and published."""

    window_id: int


class Recipient(NamedTuple):
    """One position of a batch. `zone` picks the times; `name`, `token`, `accounts` fill the slots of the content.

    `tries`: attempts at the provider so far; `not_before`: Unix seconds, until when a provider asked to wait.
    """

    position: int
    subscriber_id: int
    address: str
    zone: int
    name: str
    token: str
    accounts: str = ""
    tries: int = 0
    not_before: float = 0.0


_KINDS = [{kind} for kind in Recipient.__annotations__.values()]


def _recipients(rows: Any, every_field: ValidatorFunctionWrapHandler) -> Any:
    """Rows that are as they should be, at a tenth of the cost of looking at every field on its own."""
    try:
        found: Sequence[Recipient] = [Recipient(*row) for row in rows]
    except TypeError:
        return every_field(rows)
    return found if [set(map(type, column)) for column in zip(*found, strict=True)] == _KINDS else every_field(rows)


class Batch(Message):
    """Up to N recipients on one channel, self-contained: the only message that carries addresses.

    `size` counts all positions of the frozen batch, `recipients` are those still open when it was
    published. `turn` grows with every round of handing on; `away`: how many runs in a row found the provider away.
    """

    batch_id: int
    notice_id: str
    outage: str
    occasion: str
    channel: Channel
    lane: Lane
    mode: str
    test: bool
    epoch: str
    turn: int = 0
    away: int = 0
    expires_at: datetime
    size: int = Field(gt=0)
    sender_name: str
    sender_address: str
    unsubscribe_base: str
    content: Content
    recipients: Annotated[list[Recipient], WrapValidator(_recipients)]


class BatchSettled(Message):
    """Letters of all positions of a batch as the marks have them, and when the provider answered first and last."""

    batch_id: int
    letters: str
    first_at: datetime | None = None
    last_at: datetime | None = None
