"""Words for the desks of these tests, prepared once."""

from collections.abc import Iterator

import pytest

from services.planner.compose import Composer
from tests.services.planner.desks import Office, office
from tests.services.planner.tellings import COMPOSER


@pytest.fixture(scope="session")
def composer() -> Composer:
    return COMPOSER


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    """A desk over an empty record; machines of `native` are told at once, of `probe` when a person releases them."""
    with office(database, composer) as here:
        yield here
