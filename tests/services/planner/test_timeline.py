"""What a timeline says of a change, in words that nobody has to decode."""

import pytest

from forewarn.outage import Facts, Tasks
from services.planner.timeline import what_changed


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (Facts(tasks=Tasks(1, 5)), Facts(tasks=Tasks(3, 5)), "tasks: 1 of 5 → 3 of 5"),
        (Facts(), Facts(tasks=Tasks(0, 5)), "tasks: 0 of 5"),
        (Facts(tentative=True), Facts(tentative=False), "tentative: yes → no"),
    ],
)
def test_a_change_is_said_in_plain_words(old: Facts, new: Facts, words: str) -> None:
    assert what_changed(old, new) == words
