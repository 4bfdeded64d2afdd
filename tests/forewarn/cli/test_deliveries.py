"""Who was sent what."""

from .conftest import Run
from .house import House
from .views import a_delivery


def test_a_delivery_shows_when_by_which_channel_and_how_it_ended(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-7/deliveries", [a_delivery(state="failed", reason="no_answer")])

    out = run("deliveries", "inc-7").out

    for words in ("ana", "email", "first", "failed (no_answer)", "2 Mar", "13:00 CET"):
        assert words in out
    assert max(map(len, out.splitlines())) <= 80


def test_with_a_subscriber_the_text_is_shown(house: House, run: Run) -> None:
    told = a_delivery(subject="Acme Proactive Notification", text="Some of you cannot pay.\n[b]Sorry[/b].")
    house.says("GET /v1/outages/INC-7/deliveries", [told])

    ran = run("deliveries", "INC-7", "--to", "ana & co")

    assert house.heard[0].path == "/v1/outages/INC-7/deliveries?to=ana+%26+co"
    assert "  Some of you cannot pay.\n  [b]Sorry[/b]." in ran.out


def test_nothing_sent_is_said_plainly(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-7/deliveries", [])

    assert run("deliveries", "INC-7", "--to", "ana").out == "Nothing was sent about INC-7 to ana.\n"
