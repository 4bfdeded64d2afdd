"""The policy of communicators: rotas that hold together, people who can be reached, secrets that stand elsewhere."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from forewarn.contracts.policy import BadPolicy, Policy, load_policy
from forewarn.contracts.policy_communication import Communication, unreached
from forewarn.contracts.policy_file import differences
from forewarn.rota import Rota, in_turn

FILE = """\
communication:
  rotas:
    platform: {people: [dana, ravi], since: 2026-11-23 09:00, zone: Europe/Berlin}
    night: {people: [mei], every: 14d, since: 2026-11-23}
  default_rota: night
  owners: {payments: platform}
  reach:
    dana: ["${PAGER_DANA}"]
    ravi: ["slack://${SLACK_TOKEN}/#on-call", "mailto://ravi:${RAVI}@mail.example"]
    mei: [json://127.0.0.1/in]
"""


def loaded(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    return load_policy(path)


def fault(tmp_path: Path, text: str) -> str:
    with pytest.raises(BadPolicy) as caught:
        loaded(tmp_path, text)
    return str(caught.value)


def test_a_team_has_the_rota_that_owners_names_and_nobody_else(tmp_path: Path) -> None:
    found = loaded(tmp_path, FILE).communication

    nine = datetime.fromisoformat("2026-11-23T09:00")
    assert found.rota_of("payments") == Rota(("dana", "ravi"), timedelta(weeks=1), nine, ZoneInfo("Europe/Berlin"))
    assert found.rota_of("web") is None and found.rota_of(None) is None
    assert found.default is not None and found.default.every == timedelta(days=14)


def test_a_shift_begins_by_the_clock_of_its_zone(tmp_path: Path) -> None:
    rota = loaded(tmp_path, FILE).communication.rota_of("payments")

    assert rota is not None
    nine_in_berlin = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert [in_turn(rota, at)[0] for at in (nine_in_berlin - timedelta(minutes=1), nine_in_berlin)] == ["dana", "ravi"]


def test_nobody_has_a_rota_unless_the_policy_says_so() -> None:
    assert Policy().communication == Communication()
    assert Communication().default is None


def test_what_differs_as_a_file_makes_the_same_rotas_again(tmp_path: Path) -> None:
    policy = loaded(tmp_path, FILE)

    assert loaded(tmp_path, yaml.safe_dump(differences(policy))) == policy


@pytest.mark.parametrize(
    ("said", "instead", "told"),
    [
        ("default_rota: night", "default_rota: day", "default_rota names day, which is not in rotas"),
        ("payments: platform", "payments: db", "owners.payments names db, which is not in rotas"),
        ("dana, ravi]", "dana, ravi, kim]", "kim is in the rota platform and not in reach"),
        ("every: 14d", "every: 12h", "must be a number of days or weeks, such as 7d or 2w"),
        ("since: 2026-11-23}", "since: 2026-11-23T09:00:00+01:00}", "must have no offset"),
        ("people: [mei]", "people: []", "communication.rotas.night.people: must not be empty"),
        ("json://127.0.0.1/in", "the red phone", "must be a URL as Apprise reads it"),
        ("json://127.0.0.1/in", "json://$HOST/in", "must be a URL as Apprise reads it"),
        ("[json://127.0.0.1/in]", "[]", "communication.reach.mei: must not be empty"),
    ],
)
def test_what_does_not_hold_together_is_told(tmp_path: Path, said: str, instead: str, told: str) -> None:
    assert said in FILE

    assert told in fault(tmp_path, FILE.replace(said, instead))


def test_a_name_out_of_reach_is_told_with_those_within() -> None:
    many = [f"p{number:02}" for number in range(22)]

    assert unreached("anna", ["ravi", "dana"]) == "nobody by the name of anna can be paged; these can: dana, ravi"
    assert (unreached("anna", many) or "").endswith("p18, p19 and 2 more")
    assert unreached("dana", ["dana"]) is unreached("anna", []) is None
