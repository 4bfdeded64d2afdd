"""Laws of the ledger: letters laid over the record, in whatever order they come."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from forewarn.contracts.messages import BatchSettled
from forewarn.delivery import IN_AIR, IN_AIR_AGAIN, LETTERS, OPEN, overlay
from services.planner.ledger import Settled, pulled, settle

EARLY, LATE = datetime(2026, 11, 22, 13, 2, tzinfo=UTC), datetime(2026, 11, 22, 13, 3, tzinfo=UTC)


class Book:
    """Outcomes of batches in memory."""

    def __init__(self, **batches: str) -> None:
        self.outcomes = {int(name.removeprefix("b")): letters for name, letters in batches.items()}

    def lay_over(
        self, batch_id: int, letters: str, first_at: datetime | None, last_at: datetime | None
    ) -> Settled | None:
        if batch_id not in self.outcomes:
            return None
        self.outcomes[batch_id] = overlay(self.outcomes[batch_id], letters)
        return Settled(1, all(OPEN not in kept for kept in self.outcomes.values()))


def a_settlement(letters: str, batch_id: int = 7) -> BatchSettled:
    return BatchSettled(batch_id=batch_id, letters=letters, first_at=EARLY, last_at=LATE)


def test_a_settlement_ends_what_was_open() -> None:
    book = Book(b7="...")

    left = settle(a_settlement("a.R"), book)

    assert book.outcomes[7] == "a.R"
    assert left == Settled(1, window_settled=False)


def test_the_last_settlement_of_a_window_says_so() -> None:
    book = Book(b7=".", b8="a")

    assert settle(a_settlement("a"), book) == Settled(1, window_settled=True)


def test_a_batch_that_is_not_on_record_is_left_alone() -> None:
    book = Book(b8=".")

    assert settle(a_settlement("a", batch_id=7), book) is None
    assert book.outcomes == {8: "."}


@given(st.permutations(["a..", ".u.", ".a.", "...", "..R", "a.."]))
def test_settlements_may_come_in_any_order_and_twice(settlements: list[str]) -> None:
    book = Book(b7="...")

    for letters in [*settlements, *settlements]:
        settle(a_settlement(letters), book)

    assert book.outcomes[7] == "aaR"


def test_a_pull_takes_what_has_ended_and_leaves_what_is_in_the_air_open() -> None:
    assert pulled(".....S", "a?!.uS") == "a...uS"


def test_a_pull_finds_nothing_where_there_are_no_marks() -> None:
    assert pulled("a..", None) == "a.."


@st.composite
def record_and_marks(draw: st.DrawFn) -> tuple[str, str]:
    """Letters of a batch on record, and its marks."""
    size = draw(st.integers(1, 20))
    recorded = draw(st.text([OPEN, *LETTERS], min_size=size, max_size=size))
    return recorded, draw(st.text([OPEN, IN_AIR, IN_AIR_AGAIN, *LETTERS], min_size=size, max_size=size))


@given(record_and_marks())
def test_a_pull_never_opens_what_has_ended(both: tuple[str, str]) -> None:
    outcomes, marks = both

    after = pulled(outcomes, marks)

    assert all(late in LETTERS for early, late in zip(outcomes, after, strict=True) if early in LETTERS)
