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


@pytest.fixture
def nordwind(desk: Office) -> Office:
    """Two of its customers have an account of their own each: Owen's asks for 20 business days, Kenji's for nothing."""
    for key, person, minimum in (("bergwerk", "owen", "20bd"), ("fjord", "kenji", None)):
        desk.run("insert into account (key, name, tier, minimum_notice) values (%s, %s, 'free', %s)", key, key, minimum)
        desk.run("insert into uses select a.id, c.id from account a, component c where a.key = %s", key)
        desk.run(
            "update stake set account_id = (select id from account where key = %s)"
            " where subscriber_id = (select id from subscriber where key = %s)",
            *(key, person),
        )
    return desk
