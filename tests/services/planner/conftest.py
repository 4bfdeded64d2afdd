"""Words for the desks of these tests, prepared once."""

from collections.abc import Iterator

import pytest

from services.planner.compose import Composer
from tests.services.planner.desks import Office, office
from tests.services.planner.faulty import faulty_texts
from tests.services.planner.tellings import COMPOSER


@pytest.fixture(scope="session")
def composer() -> Composer:
    return COMPOSER


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Composer:
    """Of own texts that are faulty for some facts; those who use it are one group, so that one worker makes it."""
    return Composer(faulty_texts(tmp_path_factory.mktemp("texts")))


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    """A desk over an empty record; machines of `native` are told at once, of `probe` when a person releases them."""
    with office(database, composer) as here:
        yield here
