"""Ways to communicators: what the policy names is called, secrets stay in the environment, sandbox stays at home."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads

import pytest

from forewarn.contracts.page import Paged
from forewarn.mode import Mode
from services.dispatch import reach
from services.dispatch.reach import Reach, open_reach
from services.dispatch.settings import DispatchSettings, Unusable
from services.dispatch.worker import Worker
from tests.support.pages import Ear, ear

MORE_THAN_APPRISES_THREADS = 40

SECRET = "t0ken"
WITH_SECRETS = f"""
from forewarn.mode import Mode
from forewarn.runtime.logs import start_logs
from services.dispatch.reach import open_reach
from services.dispatch.settings import Unusable

start_logs("dispatch")
REFUSED = "twilio://{SECRET}:x@1", "opsgenie://x?region={SECRET}", "json://127.0.0.1:1/?method={SECRET}"
for url in REFUSED:
    try:
        open_reach({{"dana": [url]}}, {{}}, Mode.LIVE)
    except Unusable as fault:
        print(fault)
CALLED = "json://127.0.0.1:1/{SECRET}", "json://u:{SECRET}@127.0.0.1:1/?+Authorization={SECRET}"
print(open_reach({{"dana": CALLED}}, {{}}, Mode.LIVE)("dana", "INC-7"))
"""
"""Apprise says of each what is wrong with it; so far three times with the secret in full."""


@pytest.fixture
def heard() -> Iterator[Ear]:
    with ear() as listening:
        yield listening


def reaching(heard: Ear, *paths: str, mode: Mode = Mode.SANDBOX) -> Reach:
    return open_reach({"dana": [heard.url(path) for path in paths]}, {}, mode)


def test_a_page_reaches_the_person_by_every_way(heard: Ear) -> None:
    said = reaching(heard, "one", "two")("dana", "INC-7: readers wait.")

    assert said == (Paged.ACCEPTED, None)
    assert sorted(path for path, _ in heard.heard) == ["/one", "/two"]
    assert {(body["title"], body["message"]) for _, body in heard.heard} == {("Forewarn", "INC-7: readers wait.")}


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (("no",), (Paged.FAILED, "way 0: failure")),
        (("in", "no"), (Paged.ACCEPTED, "way 1: failure")),
        (("no", "in"), (Paged.ACCEPTED, "way 0: failure")),
    ],
)
def test_one_way_that_is_taken_is_enough_and_the_others_are_named_by_their_place(
    heard: Ear, paths: tuple[str, ...], said: tuple[Paged, str]
) -> None:
    assert reaching(heard, *paths)("dana", "INC-7") == said


def test_a_way_that_answers_byte_by_byte_is_not_waited_for_and_may_have_heard(
    heard: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "CALL_SECONDS", 0.5)

    assert reaching(heard, "slow")("dana", "INC-7") == (Paged.UNKNOWN, "way 0: timeout")
    assert reaching(heard, "slow", "in")("dana", "INC-7") == (Paged.ACCEPTED, "way 0: timeout")


def test_a_name_server_that_hangs_is_a_failure_and_its_way_is_never_called(
    heard: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "CALL_SECONDS", 0.5)
    answers, looked = Event(), Event()

    def hangs(name: str) -> None:
        answers.wait(10)
        looked.set()

    said = replace(reaching(heard, "in"), lookup=hangs)("dana", "INC-7")
    answers.set()
    looked.wait(10)
    for thread in enumerate_threads():
        if "call" in thread.name:
            thread.join(10)

    assert said == (Paged.FAILED, "way 0: failure")
    assert heard.texts == []


def test_a_name_that_is_not_found_is_left_to_the_call(heard: Ear) -> None:
    def fails(name: str) -> None:
        raise OSError(name)

    assert replace(reaching(heard, "in"), lookup=fails)("dana", "INC-7") == (Paged.ACCEPTED, None)


@pytest.mark.slow
def test_a_pager_that_hangs_swallows_nobody_elses_page(heard: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    both = open_reach({"dana": [heard.url("slow")], "ravi": [heard.url("in")]}, {}, Mode.SANDBOX)
    monkeypatch.setattr(reach, "CALL_SECONDS", 0.05)
    hanging = [both("dana", "INC-7") for _ in range(MORE_THAN_APPRISES_THREADS)]
    monkeypatch.undo()

    assert both("ravi", "INC-8") == (Paged.ACCEPTED, None)
    known = {Paged.FAILED, Paged.UNKNOWN}  # the few whose name was still looked up, and who may have heard
    assert Paged.UNKNOWN in (ends := {paged for paged, _ in hanging}) and ends <= known
    assert ("/in", "INC-8") in [(path, body["message"]) for path, body in heard.heard]


def test_nobody_listening_is_a_failure(heard: Ear) -> None:
    gone = open_reach({"dana": ["json://127.0.0.1:1/in"]}, {}, Mode.SANDBOX)

    assert gone("dana", "INC-7") == (Paged.FAILED, "way 0: failure")
    assert gone("ravi", "INC-7")[0] is Paged.FAILED


def test_a_secret_comes_from_the_environment(heard: Ear) -> None:
    environment = {"PAGER_DANA": heard.url("secret/t0ken"), "PORT": str(heard.port)}
    found = open_reach({"dana": ["${PAGER_DANA}", "json://127.0.0.1:${PORT}/in"]}, environment, Mode.SANDBOX)

    assert found("dana", "INC-7") == (Paged.ACCEPTED, None)
    assert sorted(path for path, _ in heard.heard) == ["/in", "/secret/t0ken"]


def test_every_fault_is_told_by_its_place_and_no_secret_with_it() -> None:
    ways = {"dana": ["${PAGER_DANA}", "json://127.0.0.1/"], "ravi": ["nosuch://${TOKEN}/"]}

    with pytest.raises(Unusable) as told:
        open_reach(ways, {"TOKEN": "t0ken", "PAGER_DANA": ""}, Mode.LIVE)

    assert str(told.value).splitlines() == [
        "communication.reach.dana.0 of the policy: the environment has no PAGER_DANA",
        "  communication.reach.ravi.0 of the policy: Apprise knows no service that has such a URL",
    ]


def test_no_line_of_the_log_holds_a_secret_of_a_way() -> None:
    ran = subprocess.run([sys.executable, "-c", WITH_SECRETS], capture_output=True, text=True, timeout=60)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("Apprise knows no service that has such a URL") == 3
    assert "way 0: failure, 1: failure" in ran.stdout
    assert SECRET not in ran.stdout + ran.stderr


def test_a_dispatch_that_could_page_nobody_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGER_DANA", raising=False)
    policy = tmp_path / "policy.yaml"
    policy.write_text('communication: {reach: {dana: ["${PAGER_DANA}"]}}')
    nowhere = {"rabbitmq_url": "amqp://nowhere", "redis_url": "redis://nowhere", "policy_file": policy}

    with pytest.raises(
        Unusable, match=r"communication\.reach\.dana\.0 of the policy: the environment has no PAGER_DANA"
    ):
        Worker(DispatchSettings.model_validate(nowhere))


@pytest.mark.parametrize("away", ["jsons://pager.example/in", "ntfy://127.0.0.1/topic", "json://10.0.0.1/in"])
def test_in_sandbox_nobody_beyond_this_machine_is_paged(heard: Ear, away: str) -> None:
    both = open_reach({"dana": [heard.url(), away]}, {}, Mode.SANDBOX)

    assert both("dana", "INC-7")[0] is Paged.SUPPRESSED
    assert heard.heard == []


def test_who_is_reached_on_this_machine_is_paged_in_every_mode(heard: Ear) -> None:
    for mode in Mode:
        assert reaching(heard, "in", mode=mode)("dana", f"INC-7 in {mode}") == (Paged.ACCEPTED, None)

    assert heard.texts == [f"INC-7 in {mode}" for mode in Mode]
