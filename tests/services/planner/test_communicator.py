"""Who communicates: a person's word before any rota, the owner's rota before the default, and nobody is nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from forewarn.component import Impact, Touched
from forewarn.contracts.policy_communication import Communication
from forewarn.outage import Facts
from services.planner.communicator import By, Duty, duty_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWNERS = {"card-payments": "payments", "web": "frontend", "ledger-db": None, "mail": "post"}

COMMUNICATION = Communication.model_validate(
    {
        "rotas": {
            "payments": {"people": ["dana", "ravi", "kim"], "since": "2026-11-23"},
            "web": {"people": ["mei"], "since": "2026-11-23"},
            "night": {"people": ["noor", "otto"], "since": "2026-11-23"},
        },
        "owners": {"payments": "payments", "frontend": "web"},
        "default_rota": "night",
        "reach": {name: ["json://127.0.0.1/"] for name in ("dana", "ravi", "kim", "mei", "noor", "otto")},
    }
)


def duty(*touched: tuple[str, Impact], now: datetime = NOW, **facts: object) -> Duty:
    found = [Touched(name, impact, (name,)) for name, impact in touched]
    return duty_of(COMMUNICATION, Facts(**facts), found, OWNERS, now)  # type: ignore[arg-type]


def test_whoever_is_said_communicates_whatever_the_rotas_say() -> None:
    assert duty(("card-payments", Impact.DOWN), communicator="ana") == Duty("ana", By.WORD, ("dana", "ravi", "kim"))


def test_else_the_rota_of_whoever_owns_the_worst() -> None:
    touched = ("web", Impact.DEGRADED), ("card-payments", Impact.DOWN)

    assert duty(*touched) == Duty("dana", By.OWNER, ("ravi", "kim"))
    assert duty(*touched, now=NOW + timedelta(weeks=1)) == Duty("ravi", By.OWNER, ("kim", "dana"))


@pytest.mark.parametrize("unowned", ["ledger-db", "mail", "not in the catalog"])
def test_a_component_that_nobody_with_a_rota_owns_is_passed_over(unowned: str) -> None:
    assert duty((unowned, Impact.DOWN), ("web", Impact.MOMENTARY)) == Duty("mei", By.OWNER)


def test_else_the_default_rota() -> None:
    assert duty(("ledger-db", Impact.DOWN)) == duty() == Duty("noor", By.DEFAULT, ("otto",))


def test_else_nobody_and_that_is_said() -> None:
    assert duty_of(Communication(), Facts(), (), {}, NOW) == Duty(None, By.NOTHING)


def test_whoever_said_it_is_theirs_is_followed_by_who_is_on_duty() -> None:
    assert duty(("card-payments", Impact.DOWN), communicator="ravi").others == ("dana", "kim")


def test_a_communicator_may_be_a_responder_and_is_known_as_one() -> None:
    said = duty(("card-payments", Impact.DOWN), communicator="ana", responders=("ana", "li"))
    by_rota = duty(("card-payments", Impact.DOWN), responders=("dana",))
    other = duty(("card-payments", Impact.DOWN), responders=("ravi",))

    assert (said.responder, by_rota.responder, other.responder) == (True, True, False)
