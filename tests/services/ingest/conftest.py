"""The house, left with nothing under way."""

from collections.abc import Iterator

import pytest

from tests.support.home import Home


@pytest.fixture
def home(home: Home) -> Iterator[Home]:
    """The running house; whoever was to be told is told before the next test looks into mailboxes."""
    yield home
    home.accounted()
