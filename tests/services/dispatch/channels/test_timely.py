"""Laws of a call's time, the same for every provider: a lease outlasts the way to the wire."""

import time

import pytest

from services.dispatch import send
from services.dispatch.channels import hosts, post, ses, smtp, timely
from services.dispatch.channels.timely import Call, Late

LEASE_SECONDS = 10


def test_a_call_ends_within_ten_seconds_of_its_begin_by_every_provider() -> None:
    assert {vars(each)["CALL_SECONDS"] for each in (post, ses, smtp)} == {timely.CALL_SECONDS}
    assert timely.CALL_SECONDS + send.ON_THE_WIRE_SECONDS <= 10


def test_a_lease_outlasts_the_way_to_the_wire_even_if_the_process_stood_still() -> None:
    left_at_begin = LEASE_SECONDS - send.RENEW_SECONDS

    assert left_at_begin > send.ON_THE_WIRE_SECONDS + timely.WIRE_SECONDS
    assert hosts.SLOT_SECONDS < timely.WIRE_SECONDS < timely.CALL_SECONDS


def test_who_is_late_does_not_leave() -> None:
    late, in_time = Call(time.monotonic() - timely.WIRE_SECONDS - 0.1), Call(time.monotonic())

    in_time.leaves()
    with pytest.raises(Late):
        late.leaves()

    assert (in_time.on_the_wire, late.on_the_wire) == (True, False)
