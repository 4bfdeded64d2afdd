"""T15 on real servers: a communicator is paged before a promise, once, and the log says what came of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from forewarn.contracts.names import PAGE, PAGE_QUEUE
from tests.support.home import POLICY, Home, an_event, until
from tests.support.pages import Ear, ear
from tests.support.queues import a_message, empty, put


@pytest.fixture
def heard() -> Iterator[Ear]:
    with ear() as listening:
        yield listening


@pytest.fixture
def paged(home: Home, heard: Ear, tmp_path: Path) -> Home:
    """A house whose default rota is Dana and Ravi: she is reached, his pager refuses."""
    policy = tmp_path / "policy.yaml"
    rota = {"people": ["dana", "ravi"], "every": "99w", "since": "2026-01-01"}
    reach = {"dana": ["${PAGER_DANA}"], "ravi": [heard.url("no")]}
    communication = {"rotas": {"all": rota}, "default_rota": "all", "reach": reach}
    policy.write_text(yaml.safe_dump({**POLICY, "communication": communication}))
    for service in ("planner", "dispatch"):
        home.restart(service, FOREWARN_POLICY_FILE=str(policy), PAGER_DANA=heard.url("dana/t0ken"))
    home.import_demo()
    return home


def due_in(home: Home, minutes: float) -> None:
    """All was promised an hour ago, and is due in so many minutes."""
    home.run("update notice_channel set released_at = released_at - interval '1 h' where released_at is not null")
    home.run("update promise set due_at = forewarn_now() + %s * interval '1 min'", minutes)


def warning(home: Home, state: str) -> dict[str, Any]:
    return until(lambda: next(iter(home.rows("select * from warning where state = %s", state)), None), 15, state)


def test_the_communicator_is_paged_before_a_promise_once_and_the_log_says_so(paged: Home, heard: Ear) -> None:
    paged.told(an_event())
    due_in(paged, 14.5)

    row = warning(paged, "accepted")
    again = {name: row[name] for name in ("person", "text", "attempt")} | {"warning_id": row["id"]}
    copy = a_message(PAGE_QUEUE, PAGE, **again, expires_at=row["expires_at"].isoformat())
    put(paged, PAGE_QUEUE, copy, copy)
    empty(paged, PAGE_QUEUE)

    assert [path for path, _ in heard.heard] == ["/dana/t0ken"]
    assert heard.texts[0].startswith("INC-1 (card-payments): readers were promised more by ")
    entry = paged.desk("/v1/outages/INC-1/log")[-1]
    assert (entry["act"], entry["what"]) == ("warning", f"paged dana, accepted: {heard.texts[0]}")


@pytest.mark.slow
def test_whoever_it_is_handed_to_is_paged_and_a_pager_that_refuses_is_on_record(paged: Home, heard: Ear) -> None:
    paged.told(an_event())
    paged.act("hand_over", communicator="ravi", note="I am off now.")
    due_in(paged, 14.5)

    row = until(lambda: next(iter(paged.rows("select * from warning where attempt = 2")), None), 15, "a second attempt")

    log = paged.desk("/v1/outages/INC-1/log")
    assert [entry["what"] for entry in log if entry["act"] == "hand_over"] == [
        "handed over to ravi by dana; note: “I am off now.”"
    ]
    assert (row["person"], row["error"]) == ("ravi", "way 0: failure")
    assert {path for path, _ in heard.heard} == {"/no"}
