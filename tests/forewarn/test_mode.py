"""Laws of the delivery modes."""

import pytest

from forewarn.mode import Mode, is_guest, stricter


@pytest.mark.parametrize("one", list(Mode))
@pytest.mark.parametrize("other", list(Mode))
def test_the_stricter_mode_counts_whoever_names_it(one: Mode, other: Mode) -> None:
    order = [Mode.SANDBOX, Mode.GUESTS, Mode.LIVE]

    assert stricter(one, other) is stricter(other, one)
    assert order.index(stricter(one, other)) == min(order.index(one), order.index(other))


def test_a_guest_is_listed_by_address_or_by_domain() -> None:
    guests = frozenset({"dana@acme.example", "@test.acme.example"})

    assert is_guest("dana@acme.example", guests)
    assert is_guest("anybody@test.acme.example", guests)
    assert not is_guest("oleg@acme.example", guests)
    assert not is_guest("dana@acme.example.evil.example", guests)
    assert not is_guest("dana@acme.example", frozenset())


def test_a_webhook_is_a_guest_by_its_whole_url_only() -> None:
    guests = frozenset({"https://hooks.acme.example/In", "@acme.example"})

    assert is_guest("https://hooks.acme.example/In", guests)
    assert not is_guest("https://hooks.acme.example/in", guests)
    assert not is_guest("https://hooks.acme.example/In/more", guests)
    assert not is_guest("https://hooks.nordwind.example/@acme.example", guests), "an @ in a URL makes no domain"
