"""What providers, brokers and copies can do to a batch, and how everybody still ends (DELIVERY §2, 3, 6)."""

import re
import time
from typing import Any

import orjson
import pytest
import redis

from forewarn.contracts.names import (
    DEAD_QUEUE,
    EXPAND,
    PLAN,
    PLAN_QUEUE,
    SETTLE,
    SETTLE_QUEUE,
    dispatch_queue,
    expand_queue,
    marks_key,
    rung,
)
from forewarn.notice import Channel, Lane
from tests.support.home import Home, an_event, until
from tests.support.laws import POSITIONS, accepted_once, planned_once, repeats
from tests.support.queues import a_message, empty, put, take_all

pytestmark = pytest.mark.slow

URGENT = dispatch_queue(Channel.EMAIL, Lane.URGENT)
KENJI, GRACE, JOEL = "kenji.morita@nordwind.example", "grace.whitfield@kranich.example", "joel.okafor@acme.example"


INSIDE_PUBLISHED = """
select from notice_window w join notice n on n.id = w.notice_id
where n.side = 'inside' and w.rank = 1 and w.published_at is not null
"""


def letter_of(home: Home, address: str) -> str:
    rows = home.rows(f"select letter from ({POSITIONS}) p where address = %s", address)
    return "".join(row["letter"] for row in rows)


def post(home: Home) -> None:
    """Post an event and do not wait for anything it brings about."""
    status, answer = home.post(an_event())
    assert status == 202, answer


def batches(home: Home, count: int) -> list[int]:
    """Ids of the frozen batches once there are so many: three for the inside, then one for each tier."""

    def found() -> list[int] | None:
        ids = [row["id"] for row in home.rows("select id from batch order by id")]
        return ids if len(ids) >= count else None

    return until(found, what=f"{count} batches")


# -- the provider ----------------------------------------------------------------------------------------


def test_each_ends_by_what_the_provider_answered(home: Home) -> None:
    home.import_demo()
    home.sandbox.behave(
        refuse=[{"to_regex": KENJI, "code": 451, "times": 2}, {"to_regex": GRACE, "code": 550}],
        drop=[{"to_regex": JOEL, "stage": "after_accept", "times": 1}],
    )

    home.told(an_event())

    assert letter_of(home, KENJI) == "a", "refused twice for now, then accepted"
    assert not [r for r in home.sandbox.behaviour().refuse if r.to_regex.pattern == KENJI]
    assert letter_of(home, GRACE) == "R", "refused for good"
    assert len(home.mails(GRACE)) == 0
    assert letter_of(home, JOEL) == "a", "accepted without an answer, called once more"
    assert list(repeats(home.mails()).values()) == [2]
    assert len({mail.message_id for mail in home.mails(JOEL)}) == 1
    assert planned_once(home) == 12


def test_who_unsubscribes_while_the_batch_waits_is_called_no_more_after_two_seconds(home: Home) -> None:
    home.import_demo()
    home.sandbox.behave(refuse=[{"to_regex": KENJI, "code": 451, "times": 1000}])
    post(home)
    until(lambda: home.sandbox.behaviour().refuse[0].times != 1000, what="the first refusal")

    unsubscribe(home, KENJI)
    time.sleep(2)
    home.sandbox.behave()

    letters = home.accounted()
    assert sorted(letters) == ["S", *"a" * 11]
    assert letter_of(home, KENJI) == "S"
    assert home.mails(KENJI) == []


def unsubscribe(home: Home, address: str) -> None:
    token = home.rows(
        "select s.token from subscriber s join address a on a.subscriber_id = s.id where a.address = %s", address
    )[0]["token"]
    status, _ = home.request("POST", f"/u/{token}", b"List-Unsubscribe=One-Click")
    assert status == 200


# -- copies, losses and dead letters -----------------------------------------------------------------------


def test_copies_of_a_message_send_nothing_twice_and_change_nothing(home: Home) -> None:
    home.import_demo()
    home.house.workers["dispatch"].kill()
    post(home)
    batches(home, 3)
    until(lambda: home.rows(INSIDE_PUBLISHED), what="the inside's batches to be published")
    sent = take_all(home, URGENT)
    home.sandbox.behave(latency_ms=200)

    put(home, URGENT, *[body for body in sent for _ in range(2)])
    home.comes_back("dispatch")
    home.accounted()
    letters = home.rows("select id, outcomes, first_at, last_at, sweep_no from batch order by id")
    repeat_everything(home)
    home.accounted()

    assert home.rows("select id, outcomes, first_at, last_at, sweep_no from batch order by id") == letters
    assert planned_once(home) == 12
    assert len(accepted_once(home)) == 12


def repeat_everything(home: Home) -> None:
    """A second copy of each message to the planner, and settlements that come late."""
    outages = home.rows("select id from outage")
    windows = home.rows("select id from notice_window")
    settled = home.rows("select id, length(outcomes) as size from batch")
    put(home, PLAN_QUEUE, *[a_message(PLAN_QUEUE, PLAN, outage_id=row["id"]) for row in outages])
    urgent = expand_queue(Lane.URGENT)
    put(home, urgent, *[a_message(urgent, EXPAND, window_id=row["id"]) for row in windows])
    late = [(row["id"], letter * row["size"]) for row in settled for letter in ".uR"]
    put(home, SETTLE_QUEUE, *[a_message(SETTLE_QUEUE, SETTLE, batch_id=id, letters=all) for id, all in late])
    empty(home, PLAN_QUEUE, urgent, URGENT, rung(2), rung(5), SETTLE_QUEUE)


def test_a_dead_letter_is_failed_after_a_pull_and_called_by_no_copy(home: Home) -> None:
    home.import_demo()
    home.house.workers["dispatch"].kill()
    post(home)
    batches(home, 3)
    until(lambda: home.rows(INSIDE_PUBLISHED), what="the inside's batches to be published")
    doomed = next(body for body in copies(home) if batch_in(body)["size"] == 2)
    batch_id = batch_in(doomed)["batch_id"]
    with redis.Redis.from_url(home.house.servers.urls.redis) as client:
        client.set(marks_key(batch_id), "a.", ex=600)

    put(home, DEAD_QUEUE, doomed, a_message(PLAN_QUEUE, PLAN, outage_id=1), b"no message at all")
    until(lambda: home.rows("select from batch where id = %s and outcomes = 'aD'", batch_id), what="the burial")
    home.comes_back("dispatch")

    letters = home.accounted()
    assert sorted(letters) == ["D", *"a" * 11]
    buried = {address for _, _, address, *_ in batch_in(doomed)["recipients"]}
    assert len(buried) == 2 and buried.isdisjoint(home.readers()), "no copy of the message calls anybody"
    empty(home, DEAD_QUEUE)
    metrics = home.house.workers["planner"].metrics()
    assert re.search(r'forewarn_dead_letters_total\{actor="plan"\} [1-9]', metrics)
    assert re.search(r'forewarn_dead_letters_total\{actor="other"\} [1-9]', metrics)


def copies(home: Home) -> list[bytes]:
    """What waits on the urgent queue, left there."""
    bodies = take_all(home, URGENT)
    put(home, URGENT, *bodies)
    return bodies


def batch_in(body: bytes) -> dict[str, Any]:
    batch: dict[str, Any] = orjson.loads(body)["kwargs"]["batch"]
    return batch


def test_a_batch_whose_message_was_lost_is_swept_and_sent_once(home: Home) -> None:
    home.import_demo()
    for service in ("planner", "dispatch"):
        home.house.workers[service].kill()
    home.house.workers["planner"].start(FOREWARN_SWEEP_SECONDS="2")
    post(home)
    batches(home, 3)
    until(lambda: home.rows(INSIDE_PUBLISHED), what="the inside's batches to be published")

    lost = take_all(home, URGENT)
    home.comes_back("dispatch")
    home.accounted()

    assert len(lost) >= 3
    assert home.rows("select max(sweep_no) as most from batch")[0]["most"] >= 1
    assert planned_once(home) == 12
    assert len(accepted_once(home)) == 12


# -- who hears what ------------------------------------------------------------------------------------------


def test_an_update_goes_to_the_audience_and_to_the_told_each_in_their_words(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    newcomer, leaver = "nadia.new@nordwind.example", KENJI
    add_customer(home, newcomer)
    home.run("delete from stake where subscriber_id = (select subscriber_id from address where address = %s)", leaver)

    home.told({"about": "INC-1", "status": "identified", "cause": "A full disk."})
    home.told({"about": "INC-1", "status": "resolved"})

    told = {(row["occasion"], row["address"]): row["told"] for row in home.rows(TOLD)}
    assert told["update", newcomer] is False, "first's words, with the newest facts"
    assert "A full disk." in home.text(home.mails(newcomer)[0])
    assert {told["update", reader] for reader in set(home.readers()) - {newcomer}} == {True}
    assert {told[key] for key in told if key[0] == "resolved"} == {True}
    assert len(home.mails(leaver)) == 3, "whoever was told is told to the end"
    assert len(home.mails(newcomer)) == 2


TOLD = """
select n.occasion, n.side, a.address, c.told
from notice n
join notice_window w on w.notice_id = n.id
join batch b on b.window_id = w.id
join content c on c.id = b.content_id
cross join lateral unnest(b.ids) u (id)
join address a on a.subscriber_id = u.id and a.channel = w.channel
"""


def add_customer(home: Home, address: str) -> None:
    person = f"role,accounts,name,email,id\ncustomer,nordwind,Nadia New,{address},crm-999\n"
    status, report = home.request("PUT", "/v1/directory/people?format=csv", person.encode())
    assert status == 200 and report["added"] == 1, report


def test_a_first_never_goes_to_the_told(home: Home) -> None:
    home.import_demo()
    inside_only = an_event(components=["mystery"], source="monitoring", key="mystery")
    home.publish(orjson.dumps(inside_only), message_id="mystery-1")
    until(home.readers, what="the inside to hear")
    home.accounted()
    mover = home.readers()[0]
    mine = "(select subscriber_id from address where address = %s)"
    home.run(f"update stake set role = 'customer' where subscriber_id = {mine}", mover)
    home.run(f"update subscriber set inside = false where id = {mine}", mover)

    home.told({"about": "INC-1", "components": ["card-payments"], "impact": "down"})

    firsts = [row for row in home.rows(TOLD) if row["occasion"] == "first"]
    assert [row["side"] for row in firsts if row["address"] == mover] == ["inside"]
    assert len([row for row in firsts if row["side"] == "outside"]) == 6
