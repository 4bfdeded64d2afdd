"""Laws of the border: of dispatch's own mode and the batch's, the stricter counts."""

import pytest

from forewarn.mode import Mode
from forewarn.notice import Channel
from services.dispatch.border import Border
from tests.support.batches import a_batch_to, a_recipient

GUESTS = frozenset({"dana@acme.example", "@guests.example"})
PEOPLE = [
    a_recipient(0, address="dana@acme.example"),
    a_recipient(1, address="rita@guests.example"),
    a_recipient(2, address="customer@nordwind.example"),
    a_recipient(3, address="oleg@other.guests.example"),
]
NOBODY_BARRED, STRANGERS, EVERYBODY = frozenset[int](), frozenset({2, 3}), frozenset({0, 1, 2, 3})


@pytest.mark.parametrize(
    "own, planned, test, barred",
    [
        (Mode.LIVE, "live", False, NOBODY_BARRED),
        (Mode.LIVE, "live", True, STRANGERS),
        (Mode.LIVE, "guests", False, STRANGERS),
        (Mode.LIVE, "sandbox", False, EVERYBODY),
        (Mode.LIVE, "sandbox", True, EVERYBODY),
        (Mode.GUESTS, "live", False, STRANGERS),
        (Mode.GUESTS, "live", True, STRANGERS),
        (Mode.GUESTS, "guests", False, STRANGERS),
        (Mode.GUESTS, "sandbox", False, EVERYBODY),
        (Mode.SANDBOX, "live", False, NOBODY_BARRED),
        (Mode.SANDBOX, "guests", False, NOBODY_BARRED),
        (Mode.SANDBOX, "sandbox", False, NOBODY_BARRED),
        (Mode.SANDBOX, "sandbox", True, STRANGERS),
        (Mode.SANDBOX, "live", True, STRANGERS),
    ],
)
def test_the_stricter_mode_says_who_may_be_called(own: Mode, planned: str, test: bool, barred: frozenset[int]) -> None:
    batch = a_batch_to(PEOPLE, mode=planned, test=test)

    assert Border(own, GUESTS).barred(batch) == barred


@pytest.mark.parametrize("own", list(Mode))
def test_without_guests_a_test_reaches_nobody(own: Mode) -> None:
    batch = a_batch_to(PEOPLE, mode=own, test=True)

    assert Border(own).barred(batch) == EVERYBODY


def test_in_mode_guests_a_webhook_that_is_not_listed_is_not_called() -> None:
    listed, other = "https://hooks.acme.example/in", "https://hooks.nordwind.example/@guests.example"
    people = [a_recipient(0, address=listed), a_recipient(1, address=other)]
    batch = a_batch_to(people, mode="guests", channel=Channel.WEBHOOK)

    assert Border(Mode.GUESTS, GUESTS | {listed}).barred(batch) == {1}
