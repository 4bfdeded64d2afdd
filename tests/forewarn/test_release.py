"""Laws of release rules as people write them."""

from datetime import timedelta

import pytest

from forewarn.notice import Hold
from forewarn.release import Rule, rule_from


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("now", Rule()),
        ("person", Rule(Hold.PERSON)),
        ("after 3m unless dismissed", Rule(Hold.AFTER, timedelta(minutes=3))),
        ("after 90 s unless dismissed", Rule(Hold.AFTER, timedelta(seconds=90))),
        ("after 2h unless dismissed", Rule(Hold.AFTER, timedelta(hours=2))),
    ],
)
def test_a_rule_is_read_as_it_is_written(text: str, rule: Rule) -> None:
    assert rule_from(text) == rule


@pytest.mark.parametrize(
    "text", ["", "Now", "after 3m", "after 0m unless dismissed", "after -3m unless dismissed", "never"]
)
def test_any_other_text_is_refused_with_what_there_is(text: str) -> None:
    with pytest.raises(ValueError, match="`now`, `person`, or like `after 3m unless dismissed`"):
        rule_from(text)
