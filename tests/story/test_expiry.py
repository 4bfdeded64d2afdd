"""What is older than its time is told to nobody, and ends; no address outlives a week outside the directory."""

from collections.abc import Callable, Iterator

import pika
import pytest
import redis

from forewarn.contracts.names import QUEUES, dispatch_queue
from forewarn.dev.servers import Servers
from forewarn.notice import Channel, Lane
from forewarn.runtime.broker import ADDRESSES_SECONDS
from tests.support.home import Home, an_event, until
from tests.support.queues import channel, ready

SHOP = "id,role,accounts,webhook\nshop,customer,nordwind,https://hooks.nordwind.example/in\n"
WEBHOOKS = dispatch_queue(Channel.WEBHOOK, Lane.URGENT)

READ: dict[str, Callable[[redis.Redis, bytes], object]] = {
    "string": lambda client, key: client.get(key),
    "hash": lambda client, key: client.hgetall(key),
    "set": lambda client, key: client.smembers(key),
    "zset": lambda client, key: client.zrange(key, 0, -1),
    "list": lambda client, key: client.lrange(key, 0, -1),
    "none": lambda client, key: None,  # gone meanwhile
}
"""A new kind of value fails the test, until it can be read."""


@pytest.fixture
def unserved(home: Home) -> Iterator[Home]:
    """A program of a customer's, and no dispatch of webhooks: its batch lies on the queue."""
    home.import_demo()
    status, report = home.request("PUT", "/v1/directory/people?format=csv", SHOP.encode())
    assert status == 200 and report["added"] == 1, report
    home.post(an_event())
    until(lambda: ready(home, WEBHOOKS), 20, "a batch that nobody takes")
    yield home
    with channel(home) as opened:
        opened.queue_purge(WEBHOOKS)


@pytest.mark.slow
@pytest.mark.parametrize("paused", [False, True])
def test_what_nobody_could_be_told_in_time_ends_as_expired_also_behind_a_pause(unserved: Home, paused: bool) -> None:
    home = unserved
    if paused:
        home.on_sending("sending/pause", channel="webhook")
    home.run("update notice_channel set expires_at = clock_timestamp() where channel = 'webhook'")

    home.accounted()

    sums = {(n["occasion"], n["channel"]): n["sum"] for n in home.notices("outside")}
    assert sums["first", "webhook"]["reasons"] == {"expired": 1}
    assert sums["first", "email"]["suppressed"] == 0
    assert {n["reason"] for n in home.notices("outside") if n["channel"] == "webhook"} == {"expired"}


@pytest.mark.slow
def test_a_dispatch_that_comes_too_late_calls_nobody(unserved: Home) -> None:
    home = unserved
    home.run("update notice_channel set expires_at = clock_timestamp() where channel = 'webhook'")
    home.accounted()
    worker = home.house.hire("late", FOREWARN_CHANNEL="webhook")
    worker.start()
    try:
        until(lambda: not ready(home, WEBHOOKS), 30, "the late message")
    finally:
        worker.stop()
        del home.house.workers["late"]

    assert home.sandbox.webhooks() == []
    assert "a" not in "".join(
        row["outcomes"]
        for row in home.rows(
            "select b.outcomes from batch b join notice_window w on w.id = b.window_id where w.channel = 'webhook'"
        )
    )


# -- addresses -----------------------------------------------------------------------------------------------


OPEN_MAILS = """
select from batch b join notice_window w on w.id = b.window_id
where w.channel = 'email' and position('.' in b.outcomes) > 0
"""


def holding(home: Home, servers: Servers, words: list[bytes]) -> set[str]:
    """Every table, queue, key and log that holds one of these words."""
    return {
        *(f"table {name}" for name, text in _tables(home) if any(word in text for word in words)),
        *(f"queue {name}" for name, text in _queues(home) if any(word in text for word in words)),
        *(f"key {name}" for name, text in _keys(servers) if any(word in text for word in words)),
        *(f"log {name}" for name, text in _logs(home) if any(word in text for word in words)),
    }


def _tables(home: Home) -> Iterator[tuple[str, bytes]]:
    names = home.rows("select tablename as name from pg_tables where schemaname = 'public'")
    for name in sorted(row["name"] for row in names):
        rows = home.rows(f"select convert_to(t::text, 'UTF8') as said, to_jsonb(t) as json from \"{name}\" t")
        for row in rows:
            bytea = [bytes.fromhex(v[2:]) for v in row["json"].values() if isinstance(v, str) and v.startswith("\\x")]
            yield name, b"\0".join([bytes(row["said"]), *bytea])


def _queues(home: Home) -> Iterator[tuple[str, bytes]]:
    for name in QUEUES:
        if not ready(home, name):
            continue
        with channel(home) as opened:
            while (taken := opened.basic_get(name))[0] is not None:  # given back when the channel closes
                yield name, taken[2]


def _keys(servers: Servers) -> Iterator[tuple[str, bytes]]:
    with redis.Redis.from_url(servers.urls.redis) as client:
        for key in client.scan_iter():
            kind = client.type(key).decode()
            yield key.decode(), key + repr(READ[kind](client, key)).encode()


def _logs(home: Home) -> Iterator[tuple[str, bytes]]:
    for name, worker in home.house.workers.items():
        yield name, worker.log.read_bytes()


@pytest.mark.slow
def test_no_address_outlives_a_week_outside_the_directory(unserved: Home, servers: Servers) -> None:
    home = unserved
    home.sandbox.behave(refuse=[{"to_regex": "hanna", "code": 550}])
    home.request("POST", "/v1/events", SHOP.encode() + b"mara.lindqvist@acme.example", "dana")
    until(lambda: home.rows("select from failed"), what="an event that cannot be carried out")
    addresses = [row["address"].encode() for row in home.rows("select address from address")]
    words = [*addresses, *(address.split(b"://")[-1] for address in addresses)]
    until(lambda: not home.rows(OPEN_MAILS), 20, "all mails")
    at_once = holding(home, servers, words)

    a_week_passes(home)

    assert at_once == {"table address", "table failed", f"queue {WEBHOOKS}"}
    assert holding(home, servers, words) == {"table address"}
    assert home.rows("select reason from failed where body = ''"), "its reason is kept"
    assert "X" in home.accounted()


def a_week_passes(home: Home) -> None:
    """Every moment on record lies seven days further back, and the broker has seen its time limit pass."""
    home.run(
        "update notice_channel set released_at = released_at - interval '7 days',"
        " expires_at = expires_at - interval '7 days'"
    )
    home.run("update failed set at = at - interval '7 days'")
    home.restart("ingest")
    until(lambda: home.rows("select from failed where forgotten_at is not null"), what="forgetting")
    home.accounted()
    expire_on_the_queue(home)
    until(lambda: not any(ready(home, queue) for queue in QUEUES), 20, "the end of what lay on queues")


def expire_on_the_queue(home: Home) -> None:
    """What lies on the queue of webhooks comes to its end: RabbitMQ's clock cannot be moved, a message's can."""
    with channel(home) as opened:
        declared = opened.queue_declare(WEBHOOKS, passive=True)
        assert declared.method.message_count
        while (taken := opened.basic_get(WEBHOOKS))[0] is not None:
            opened.basic_publish("", WEBHOOKS, taken[2], pika.BasicProperties(delivery_mode=2, expiration="1"))
            opened.basic_ack(taken[0].delivery_tag)
    assert ADDRESSES_SECONDS < 7 * 24 * 3600
