"""In mode guests, and by tests, a webhook is told only if the policy lists its whole URL."""

from collections.abc import Iterator
from typing import Any

import pytest

from forewarn.contracts.policy import Policy
from forewarn.notice import Channel
from tests.services.planner import people as module
from tests.services.planner.people import People, people

LISTED = "https://hooks.acme.example/In"
GUESTS = ["@acme.example", "@guests.example", LISTED]


@pytest.fixture
def record(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[People]:
    monkeypatch.setattr(module, "POLICY", Policy.model_validate({"guests": GUESTS}))
    with people(database) as here:
        yield here


def webhook(record: People, key: str, url: str) -> None:
    record.person(key)
    record.run(
        "insert into address (subscriber_id, channel, address) select id, 'webhook', %s from subscriber where key = %s",
        *(url, key),
    )


@pytest.mark.parametrize("kind", [{"mode": "guests"}, {"test": True}])
@pytest.mark.parametrize(
    ("url", "letter"),
    [
        (LISTED, "."),
        ("https://hooks.acme.example/in", "G"),
        ("https://hooks.nordwind.example/@guests.example", "G"),
        ("https://guests.example/", "G"),
    ],
)
def test_only_the_whole_url_makes_a_webhook_a_guest(
    record: People, url: str, letter: str, kind: dict[str, Any]
) -> None:
    webhook(record, "hooked", url)

    (group,) = record.audience(channel=Channel.WEBHOOK, **kind)

    assert (group.letter, group.people) == (letter, 1)
