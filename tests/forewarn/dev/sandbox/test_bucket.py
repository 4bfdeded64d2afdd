"""A rate with bursts of one second."""

from forewarn.dev.sandbox.bucket import Bucket


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_whole_calls_hold_the_rate_though_one_is_larger_than_the_bucket() -> None:
    clock = Clock()
    bucket = Bucket(10, clock)
    taken = 0

    for tenth in range(1, 1001):
        clock.now = tenth / 10
        taken += 50 if bucket.take_all(50) else 0

    assert 1000 <= taken <= 1000 + 50


def test_entries_are_taken_as_far_as_the_bucket_reaches() -> None:
    clock = Clock()
    bucket = Bucket(10, clock)

    first, second = bucket.take_some(7), bucket.take_some(7)
    clock.now = 0.25

    assert (first, second, bucket.take_some(7), bucket.take_some(7)) == (7, 3, 2, 0)


def test_a_pause_saves_one_second_s_worth_at_most() -> None:
    clock = Clock()
    bucket = Bucket(10, clock)
    clock.now = 60

    assert bucket.take_some(100) == 10
