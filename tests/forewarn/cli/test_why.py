"""Why somebody is told."""

from forewarn.contracts.api import WhyView

from .conftest import Run
from .house import House
from .views import a_delivery


def a_why(included: bool) -> WhyView:
    return WhyView(
        subscriber="ana",
        name="Ana Lima",
        outage="INC-7",
        included=included,
        side="outside",
        voice="customer" if included else None,
        paths=["api: used by account Nord: customer"],
        rules=[] if included else ["unsubscribed from email"],
        deliveries=[a_delivery()] if included else [],
    )


def test_an_inclusion_has_a_path_and_what_was_sent(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-7/why/ana", a_why(included=True))

    out = run("why", "ana", "INC-7").out

    assert out.startswith("Ana Lima (ana) is told of INC-7, on the outside, in the voice for customer.\n")
    assert "Because:\n  - api: used by account Nord: customer\n" in out
    assert "accepted" in out


def test_an_exclusion_has_a_rule(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-7/why/ana", a_why(included=False))

    out = run("why", "ana", "INC-7").out

    assert "is not told of INC-7." in out
    assert "Ruled out, because:\n  - unsubscribed from email\n" in out


def test_an_unknown_subscriber_is_one_plain_line(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-7/why/a%2Fb", (404, {"reason": "no subscriber a/b"}))

    ran = run("why", "a/b", "INC-7")

    assert (ran.code, ran.err) == (1, f"forewarn: the desk at {house.url}: not found: no subscriber a/b\n")


def test_a_name_that_is_no_outages_is_wrong_usage(house: House, run: Run) -> None:
    assert run("why", "ana", "INC7").code == 2
    assert house.heard == []
