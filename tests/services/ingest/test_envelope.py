"""What the door writes on an event, and what intake believes of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.access import PERSONS, Bearer, TokenRole
from forewarn.runtime.reader import Delivery
from services.ingest.envelope import at_the_door, from_the_broker, headers_of
from services.ingest.sources import Heard, alertmanager, event_v1
from tests.support.reports import NOON, after

DOOR = "door"
WORKERS = "forewarn"
FORGED = {"role": "communicator", "author": "dana", "source": "people", "format": alertmanager.FORMAT}


@pytest.mark.parametrize("role", TokenRole)
def test_intake_hears_what_the_door_heard(role: TokenRole) -> None:
    heard = at_the_door(Bearer("dana", role, "people"), event_v1.FORMAT, b"{}", "people/1", NOON)

    again = from_the_broker(delivered(heard), DOOR, WORKERS, after(5))

    assert again == heard
    assert again.person == (role in PERSONS)
    assert (again.author is not None) == again.person


@pytest.mark.parametrize("user", [None, "", "monitoring", "Door", "door "])
def test_headers_count_for_nothing_without_the_door_s_user(user: str | None) -> None:
    heard = from_the_broker(delivery(user_id=user, headers=FORGED), DOOR, WORKERS, NOON)

    assert (heard.source, heard.author, heard.role, heard.person) == (None, None, "machine", False)
    assert heard.format == event_v1.FORMAT
    assert heard.received_at == NOON


@given(st.dictionaries(st.text(max_size=9) | st.sampled_from(list(FORGED)), st.none() | st.integers() | st.text()))
def test_no_headers_make_a_stranger_a_person(headers: dict[str, Any]) -> None:
    heard = from_the_broker(delivery(user_id="monitoring", headers=headers), DOOR, WORKERS, NOON)

    assert not heard.person
    assert heard.author is None


def test_a_stranger_s_message_id_is_no_id_of_the_door_s() -> None:
    heard = from_the_broker(delivery(message_id="people/1"), DOOR, WORKERS, NOON)

    assert heard.id == "amqp/people/1"


@pytest.mark.parametrize("message_id", [None, ""])
def test_a_body_without_an_id_is_known_by_its_digest(message_id: str | None) -> None:
    one, same, other = (
        from_the_broker(delivery(body, message_id), DOOR, WORKERS, NOON).id for body in (b"one", b"one", b"other")
    )

    assert one == same != other


def test_an_id_holds_nothing_that_the_record_cannot() -> None:
    assert "\x00" not in from_the_broker(delivery(message_id="a\x00b"), DOOR, WORKERS, NOON).id


def test_headers_of_another_type_are_passed_over() -> None:
    heard = from_the_broker(
        delivery(user_id=DOOR, headers={"role": 7, "author": None, "source": ["people"]}), DOOR, WORKERS, NOON
    )

    assert (heard.source, heard.author, heard.person) == (None, None, False)


@pytest.mark.parametrize("user", [WORKERS, DOOR])
def test_our_own_clock_speaks_with_the_workers_user_and_is_replayed_with_the_door_s(user: str) -> None:
    heard = from_the_broker(delivery(b"{}", "settle/INC-7/5", user, {"role": "clock"}), DOOR, WORKERS, NOON)

    assert heard == Heard("settle/INC-7/5", event_v1.FORMAT, b"{}", NOON, "forewarn", None, "clock", False, True)


@pytest.mark.parametrize("user", [None, "", "monitoring", "Forewarn", "forewarn "])
def test_nobody_else_is_the_clock(user: str | None) -> None:
    heard = from_the_broker(delivery(user_id=user, headers={"role": "clock"}), DOOR, WORKERS, NOON)

    assert (heard.source, heard.role, heard.clock) == (None, "machine", False)


def test_the_workers_user_speaks_as_nobody_but_the_clock() -> None:
    heard = from_the_broker(delivery(user_id=WORKERS, headers=FORGED), DOOR, WORKERS, NOON)

    assert (heard.source, heard.author, heard.role, heard.person) == (None, None, "machine", False)


@pytest.mark.parametrize("role, person, clock", [("communicator", True, False), ("clock", False, True)])
def test_where_door_and_workers_share_a_user_the_role_decides(role: str, person: bool, clock: bool) -> None:
    heard = from_the_broker(delivery(user_id=DOOR, headers=FORGED | {"role": role}), DOOR, DOOR, NOON)

    assert (heard.person, heard.clock, heard.role) == (person, clock, role)


def delivered(heard: Heard) -> Delivery:
    """As the door publishes it."""
    return Delivery(heard.body, heard.id, DOOR, headers_of(heard), 1)


def delivery(
    body: bytes = b"{}",
    message_id: str | None = "1",
    user_id: str | None = None,
    headers: dict[str, Any] | None = None,
) -> Delivery:
    return Delivery(body, message_id, user_id, headers or {}, 1)
