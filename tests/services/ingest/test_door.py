"""The door on a running house: nothing is said to be taken that the broker does not have."""

import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import urllib3

from forewarn.dev.servers.place import free_ports
from forewarn.dev.workers import Worker
from tests.support.home import Home, an_event

EVENTS, WEBHOOKS = "/v1/events", "/v1/sources/alertmanager"
TOO_LARGE = orjson.dumps({"note": "x" * 1024 * 1024})


def test_what_the_broker_has_is_answered_202_with_its_id(home: Home) -> None:
    home.import_demo()

    status, answer = home.post(an_event(event_id="cards-1"))
    unnamed_status, unnamed = home.post(an_event())

    assert (status, unnamed_status) == (202, 202)
    assert answer == {"event_id": "people/cards-1"}
    assert home.done("people/cards-1")["outage"] == "INC-1"
    assert home.done(unnamed["event_id"])["outage"] == "INC-2"


def test_an_event_sent_again_under_its_id_is_carried_out_once(home: Home) -> None:
    home.import_demo()
    for _ in range(3):
        home.told(an_event(event_id="cards-1"))

    assert [row["verdict"] for row in home.rows("select verdict from event")] == ["opened"]
    assert len(home.mails()) == 12


@pytest.mark.parametrize("token", ["", "fw_nobody", "dana"])
def test_an_unknown_token_leaves_nothing_but_a_count(home: Home, token: str) -> None:
    before = answers(home, 401)
    bearer = "fw_" + "x" * 40 if token == "dana" else token

    status, answer = home.request("POST", EVENTS, orjson.dumps(an_event()), token=bearer)

    assert status == 401
    assert "token" in answer["reason"]
    assert answers(home, 401) == before + 1
    assert nothing_on_record(home)


def test_a_body_too_large_leaves_nothing_but_a_count(home: Home) -> None:
    before = answers(home, 413)

    statuses = [home.request("POST", path, TOO_LARGE, token)[0] for path, token in
                ((EVENTS, "dana"), (WEBHOOKS, "alertmanager"))]  # fmt: skip
    statuses.append(post_in_pieces(home, TOO_LARGE))

    assert statuses == [413] * 3
    assert answers(home, 413) == before + 3
    assert nothing_on_record(home)


@pytest.mark.parametrize("path, token", [(EVENTS, "rita"), (WEBHOOKS, "rita"), (WEBHOOKS, "dana"), (WEBHOOKS, "oleg")])
def test_a_token_for_something_else_is_refused(home: Home, path: str, token: str) -> None:
    status, answer = home.request("POST", path, b"{}", token)

    assert status == 403
    assert token in answer["reason"]
    assert nothing_on_record(home)


def test_a_token_that_names_another_source_is_told_so_and_its_event_kept(home: Home) -> None:
    event = {"source": "grafana", "key": "checkout", "components": ["card-payments"]}

    status, answer = home.post(event, token="monitoring")

    assert status == 422
    assert "'grafana'" in answer["reason"]
    assert home.done(answer["failed_id"])["state"] == "failed"
    kept = home.desk(f"/v1/failed/{answer['failed_id']}")
    assert kept["reason"] == answer["reason"]
    assert orjson.loads(kept["body"]) == event
    assert home.desk("/v1/status")["outages"] == []


def test_what_does_not_parse_is_answered_422_and_kept_to_the_byte(home: Home) -> None:
    body = b'{"components": ["card-payments"'

    status, answer = home.request("POST", EVENTS, body, token="dana")

    assert status == 422
    home.done(answer["failed_id"])
    assert home.rows("select body, author, role from failed") == [
        {"body": body, "author": "dana", "role": "communicator"}
    ]


@pytest.mark.slow
def test_without_the_broker_s_word_the_answer_is_503_and_the_sender_may_try_again(home: Home, cut_off: str) -> None:
    home.import_demo()
    event = orjson.dumps(an_event(event_id="cards-1"))
    headers = {"Authorization": f"Bearer {home.house.tokens['dana']}"}

    refused = urllib3.request("POST", f"{cut_off}{EVENTS}", body=event, headers=headers, timeout=10, retries=False)
    nothing_yet = nothing_on_record(home)
    taken, answer = home.request("POST", EVENTS, event, token="dana")

    assert refused.status == 503
    assert "again" in refused.json()["reason"]
    assert nothing_yet
    assert taken == 202
    assert home.done(answer["event_id"])["outage"] == "INC-1"


@pytest.fixture
def cut_off(home: Home, tmp_path: Path) -> Iterator[str]:
    """The URL of a second door, whose broker is not there."""
    closed, port = free_ports(2)
    elsewhere = {"FOREWARN_DOOR_RABBITMQ_URL": f"amqp://door:door@127.0.0.1:{closed}/", "FOREWARN_DOOR_PORT": str(port)}
    worker = Worker("ingest", {**home.house.environment, **elsewhere}, tmp_path / "ingest.log")
    worker.start()
    try:
        worker.wait_ready()
        yield f"http://127.0.0.1:{port}"
    finally:
        worker.stop()


def post_in_pieces(home: Home, body: bytes) -> int:
    """The status of a post that does not say beforehand how long it will be."""
    pieces = (body[at : at + 65536] for at in range(0, len(body), 65536))
    headers = {"Authorization": f"Bearer {home.house.tokens['dana']}"}
    url = home.house.door_url + EVENTS
    return urllib3.request("POST", url, body=pieces, headers=headers, timeout=10, retries=False).status


def answers(home: Home, status: int) -> int:
    """How often the door has answered so."""
    line = rf'forewarn_http_answers_total{{method="POST",server="door",status="{status}"}} ([0-9.]+)'
    found = re.search(line, home.house.workers["ingest"].metrics())
    return int(float(found[1])) if found else 0


def nothing_on_record(home: Home) -> bool:
    return home.rows("select id from event union all select id from failed") == []
