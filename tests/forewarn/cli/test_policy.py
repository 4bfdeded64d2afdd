"""The policy in force, and a file checked before it is."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from forewarn.contracts.api import PolicyView
from forewarn.contracts.policy import Policy
from forewarn.contracts.policy_file import differences, effective, policy_hash

from .conftest import Run
from .house import House

POLICY = "GET /v1/policy"


def a_view(**given: Any) -> PolicyView:
    policy = Policy.model_validate(given)
    return PolicyView(hash=policy_hash(policy), differences=differences(policy), effective=effective(policy))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user stands; no server is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOREWARN_URL", raising=False)
    return tmp_path


def test_what_differs_is_shown_as_a_file_to_keep(house: House, run: Run) -> None:
    house.says(POLICY, view := a_view(company={"name": "Norðri"}, tiers=["gold"]))

    ran = run("policy", "show")

    assert (ran.code, ran.out.splitlines()[0]) == (0, f"# policy {view.hash}: what differs from the shipped defaults")
    assert "Norðri" in ran.out
    assert yaml.safe_load(ran.out) == {"company": {"name": "Norðri"}, "tiers": ["gold"]}


def test_a_policy_that_differs_in_nothing_says_so(house: House, run: Run) -> None:
    house.says(POLICY, view := a_view())

    assert run("policy", "show").out == f"# policy {view.hash}: nothing differs from the shipped defaults\n"


def test_effective_shows_the_defaults_too(house: House, run: Run) -> None:
    house.says(POLICY, a_view(company={"name": "Norðri"}))

    ran = run("policy", "show", "--effective")

    assert Policy.model_validate(yaml.safe_load(ran.out)) == Policy.model_validate({"company": {"name": "Norðri"}})
    assert yaml.safe_load(ran.out)["release"]["other_alerts"] == "person"


def test_show_as_json_is_the_desk_s_answer(house: House, run: Run) -> None:
    house.says(POLICY, view := a_view(tiers=["gold"]))

    ran = run("policy", "show", "--json")

    assert (ran.code, ran.err, PolicyView.model_validate(ran.json)) == (0, "", view)


def test_what_a_policy_holds_cannot_steer_the_terminal(house: House, run: Run) -> None:
    house.says(POLICY, PolicyView(hash="\x1b[31m", differences={"tiers": ["\x1b]0;owned\x07"]}, effective={}))

    assert "\x1b" not in run("policy", "show").out


def test_a_usable_file_is_said_to_be_with_hints_and_no_server(run: Run, here: Path) -> None:
    (here / "policy.yaml").write_text("company:\n  name: Acme\n  signed_by: Dana\nguests: [ana@acme.example]\n")

    ran, document = run("policy", "check", "policy.yaml"), run("policy", "check", "policy.yaml", "--json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "policy.yaml: usable, 2 differences from the shipped defaults\n"
        "policy.yaml:2:3: company.name: is the default anyway\n"
    )
    assert document.json["usable"] is True
    assert document.json["differences"] == ["company.signed_by", "guests"]
    assert document.json["hints"] == ["policy.yaml:2:3: company.name: is the default anyway"]


@pytest.mark.parametrize(("text", "count"), [("", "no differences"), ("tiers: [gold]\n", "1 difference")])
def test_differences_are_counted_in_words(run: Run, here: Path, text: str, count: str) -> None:
    (here / "policy.yaml").write_text(text)

    assert run("policy", "check", "policy.yaml").out == f"policy.yaml: usable, {count} from the shipped defaults\n"


def test_every_fault_of_a_file_is_told_and_the_check_fails(run: Run, here: Path) -> None:
    (here / "policy.yaml").write_text("release:\n  critical_alerts: soon\ntier: [gold]\n")

    ran, document = run("policy", "check", "policy.yaml"), run("policy", "check", "policy.yaml", "--json")

    assert (ran.code, document.code, ran.err, document.err) == (1, 1, "", "")
    assert ran.out.splitlines() == [
        "policy.yaml:2:20: release.critical_alerts: must be `now`, `person`, or like `after 3m unless dismissed`",
        "policy.yaml:3:1: tier: is not a setting of the policy; did you mean `tiers`?",
    ]
    assert document.json["usable"] is False
    assert [(fault["line"], fault["column"], fault["path"]) for fault in document.json["faults"]] == [
        (2, 20, "release.critical_alerts"),
        (3, 1, "tier"),
    ]


def test_a_file_that_is_not_there_is_wrong_usage(run: Run, here: Path) -> None:
    ran, document = run("policy", "check", "none.yaml"), run("policy", "check", "none.yaml", "--json")

    assert (ran.code, document.code, document.json["error"]["kind"]) == (2, 2, "usage")
    assert "none.yaml" in ran.err


def test_both_verbs_have_a_line_and_an_example(run: Run) -> None:
    for verb in ("show", "check"):
        out = run("policy", verb, "--help").out
        assert f"Example:\n    forewarn policy {verb}" in out
        assert max(map(len, out.splitlines())) <= 80
