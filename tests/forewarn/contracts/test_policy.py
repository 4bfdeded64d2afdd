"""The policy file: what it may hold, and what is said of one that cannot be used."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import yaml

from forewarn.contracts.policy import BadPolicy, Policy, load_policy
from forewarn.contracts.policy_file import differences, differing, effective, policy_hash, redundant
from forewarn.outage import Severity

Write = Callable[[str | bytes], Path]
Faults = Callable[[str | bytes], list[str]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes policy.yaml where the test stands, so that places read as people read them."""
    monkeypatch.chdir(tmp_path)

    def _write(text: str | bytes) -> Path:
        path = Path("policy.yaml")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


@pytest.fixture
def faults(write: Write) -> Faults:
    def _faults(text: str | bytes) -> list[str]:
        with pytest.raises(BadPolicy) as caught:
            load_policy(write(text))
        assert [str(fault) for fault in caught.value.faults] == str(caught.value).splitlines()
        return str(caught.value).splitlines()

    return _faults


def a_policy(**given: Any) -> Policy:
    return Policy.model_validate(given)


SOME = {
    "company": {"name": "Norðri", "support": None},
    "release": {"sources": {"grafana": "person"}, "native": "after 30s unless dismissed"},
    "storm_brake": {"percent": 5},
    "alerts": {"severities": {"page": "critical"}, "components": [{"match": {"code": "500"}, "component": "api"}]},
    "guests": ["@acme.example"],
}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "company: {}\n"])
def test_a_file_that_says_nothing_is_the_shipped_defaults(write: Write, text: str) -> None:
    assert load_policy(write(text)) == load_policy(None) == Policy()


def test_what_the_file_does_not_say_stays_the_default(write: Write) -> None:
    policy = load_policy(write("next_update: {critical_minutes: 10}\n"))

    assert policy.next_update.after(Severity.CRITICAL).total_seconds() == 600
    assert policy.next_update.after(None).total_seconds() == 3600


def test_every_fault_is_told_at_once_in_the_order_of_the_file(faults: Faults) -> None:
    text = """\
company:
  from_address: nobody
release:
  critical_alerts: soon
  critical_alerts: now
tiers: [gold, gold]
storm_brake: {percent: 101}
guests: [ana@acme.example, acme.example]
alerts:
  components:
    - match: {alertname: Down}
"""

    assert faults(text) == [
        "policy.yaml:2:17: company.from_address: must be one plain address such as status@acme.example",
        "policy.yaml:4:20: release.critical_alerts: must be `now`, `person`, or like `after 3m unless dismissed`",
        "policy.yaml:5:3: release.critical_alerts: is said twice, first on line 4",
        "policy.yaml:6:8: tiers: names gold more than once: the order would not be clear",
        "policy.yaml:7:24: storm_brake.percent: Input should be less than or equal to 100",
        "policy.yaml:8:28: guests.1: must be an address such as ana@acme.example, @acme.example for all of a domain,"
        " or the whole URL of a webhook",
        "policy.yaml:11:7: alerts.components.0.component: is missing",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("relase: {native: now}", "1:1: relase: is not a setting of the policy; did you mean `release`?"),
        (
            "delivery:\n  max_attempt: 3",
            "2:3: delivery.max_attempt: is not a setting of the policy; did you mean `delivery.max_attempts`?",
        ),
        (
            "settle_minutes: 5",
            "1:1: settle_minutes: is not a setting of the policy; did you mean `episodes.settle_minutes`?",
        ),
        ("colour: red", "1:1: colour: is not a setting of the policy"),
        (
            "alerts: {components: [{match: {a: b}, component: c, impct: down}]}",
            "1:53: alerts.components.0.impct: is not a setting of the policy",
        ),
    ],
)
def test_an_unknown_setting_is_pointed_at_with_the_one_that_was_meant(faults: Faults, text: str, said: str) -> None:
    assert faults(text) == [f"policy.yaml:{said}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("company:", "1:9: company: has no value: give it one, or leave it out"),
        ("company:\n  name:\n", "2:8: company.name: has no value: give it one, or leave it out"),
        ("company: [a]", "1:10: company: must hold settings, as `name: value`"),
        ("release: {sources: now}", "1:20: release.sources: must hold `name: value` lines"),
        ("tiers: gold", "1:8: tiers: must be a list"),
        ("tiers: [500]", "1:9: tiers.0: must be text: put it in quotes"),
        ("tiers: [[gold]]", "1:9: tiers.0: must be text"),
        ("tiers: [2026-13-45]", "1:9: tiers.0: cannot be read as timestamp; if it is text, put it in quotes"),
        ("default_locale: no", "1:17: default_locale: must be text: put it in quotes"),
        ("delivery: {max_attempts: yes}", "1:26: delivery.max_attempts: Input should be a valid integer"),
        ("release: {sources: {5: now}}", "1:21: release.sources: the name `5` is not text: put it in quotes"),
        ("? [a]\n: 1", "1:3: a name must be text"),
        ('release: {sources: {" ": now}}', "1:21: release.sources.' ': its name: must not be blank"),
        ("alerts: {components: [{match: {}, component: a}]}", "1:31: alerts.components.0.match: must not be empty"),
        ("company: !!set {a}", "1:10: company: has the tag tag:yaml.org,2002:set, which means nothing here"),
        ("company: &a {name: *a}", "1:14: company.name: holds itself"),
        ("company: {public_url: acme.example}", "1:23: company.public_url: must be a link that begins with"),
        (
            "maintenance: {progress_minutes: 4}",
            "1:33: maintenance.progress_minutes: Input should be greater than or equal to 5",
        ),
        (
            "next_update: {minutes: 15}",
            "1:14: next_update: critical_minutes must not be more than minutes, "
            "and here are minutes 15 and critical_minutes 30 (the default)",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_plain_words(faults: Faults, text: str, said: str) -> None:
    told = faults(text)

    assert len(told) == 1
    assert told[0].startswith(f"policy.yaml:{said}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("company:\n  name: [a\n", ":3:1: not YAML: expected ',' or ']'"),
        ("company:\n\tname: a\n", ":2:1: not YAML: found character '\\t'"),
        ("tiers: []\n---\ntiers: []\n", ":2:1: not YAML: but found another document"),
        ("- a\n- b\n", ":1:1: must hold settings, as `name: value`"),
        ("company: {name: a\x07}", ":1:18: not YAML: holds a character that YAML does not allow"),
        (b"company:\n  name: \xe9\n", ":2:9: not UTF-8 text"),
        ("[" * 5000, ": nested too deep"),
    ],
)
def test_what_is_no_policy_at_all_is_one_fault(faults: Faults, text: str | bytes, said: str) -> None:
    told = faults(text)

    assert len(told) == 1
    assert told[0].startswith(f"policy.yaml{said}")


def test_a_file_that_cannot_be_read_is_a_fault_without_a_line(tmp_path: Path) -> None:
    missing = tmp_path / "none.yaml"

    with pytest.raises(BadPolicy) as caught:
        load_policy(missing)

    assert str(caught.value) == f"{missing}: cannot be read: No such file or directory"


def test_a_value_said_once_and_meant_twice_is_pointed_at_where_it_is_used(faults: Faults) -> None:
    told = faults("tiers: &x [gold, silver]\nguests: *x\n")

    assert [line.partition(": ")[0] for line in told] == ["policy.yaml:1:12", "policy.yaml:1:18"]
    assert faults("tiers: &x [gold]\ncompany: *x\n")[0].startswith("policy.yaml:2:1: company: ")


def test_guests_are_compared_without_case(write: Write) -> None:
    assert load_policy(write('guests: [Ana@Acme.Example, "@Acme.Example"]')).guests == (
        "ana@acme.example",
        "@acme.example",
    )


def test_a_webhook_is_a_guest_by_its_whole_url_as_the_directory_keeps_it(write: Write) -> None:
    listed = load_policy(write("guests: [' https://hooks.acme.example/In?y=@z ']")).guests

    assert listed == ("https://hooks.acme.example/In?y=@z",)


@pytest.mark.parametrize("guest", ["http://hooks.acme.example/", "https://ana@hooks.acme.example/", "https://", "7"])
def test_what_is_neither_an_address_nor_a_webhook_is_no_guest(write: Write, guest: str) -> None:
    with pytest.raises(BadPolicy, match=r"guests\.0: must be an address"):
        load_policy(write(f"guests: ['{guest}']"))


def test_the_defaults_differ_in_nothing() -> None:
    assert differences(Policy()) == {}
    assert a_policy(**effective(Policy())) == Policy()


def test_the_differences_as_a_file_make_the_same_policy_again(write: Write) -> None:
    policy = a_policy(**SOME)

    again = load_policy(write(yaml.safe_dump(differences(policy), allow_unicode=True)))

    assert again == policy
    assert policy_hash(again) == policy_hash(policy)


def test_only_what_differs_is_a_difference() -> None:
    policy = a_policy(
        company={"name": "Acme", "signed_by": "Dana"}, delivery={"max_attempts": 5}, guests=["a@b.example"]
    )

    assert differences(policy) == {"company": {"signed_by": "Dana"}, "guests": ["a@b.example"]}
    assert [setting.path for setting in differing(policy)] == [("company", "signed_by"), ("guests",)]


def test_a_list_or_table_differs_as_a_whole() -> None:
    policy = a_policy(alerts={"severities": {"critical": "critical"}})

    assert differences(policy) == {"alerts": {"severities": {"critical": "critical"}}}


def test_the_hash_is_of_the_whole_policy_however_little_the_file_says() -> None:
    as_it_is = blake2b(Policy().model_dump_json().encode(), digest_size=8).hexdigest()

    assert policy_hash(Policy()) == as_it_is
    assert policy_hash(a_policy(**effective(Policy()))) == as_it_is
    assert policy_hash(a_policy(storm_brake={"percent": 20})) == as_it_is
    assert policy_hash(a_policy(storm_brake={"percent": 21})) != as_it_is


def test_what_a_file_need_not_say_is_a_hint_with_its_place(write: Write) -> None:
    path = write("company:\n  name: Acme\n  signed_by: Dana\ntiers: [enterprise, business, free]\n")

    assert redundant(path) == [
        "policy.yaml:2:3: company.name: is the default anyway",
        "policy.yaml:4:1: tiers: is the default anyway",
    ]
    assert load_policy(path).company.signed_by == "Dana"
