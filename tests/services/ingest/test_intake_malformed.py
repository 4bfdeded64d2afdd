"""Whatever comes in is kept with a reason, and intake goes on."""

from concurrent.futures import ThreadPoolExecutor

import pika
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.services.ingest.monitoring import publish
from tests.services.ingest.sources.bodies import ANY_BYTES, BAD_EVENTS, BAD_WEBHOOKS
from tests.services.ingest.telling import a_machine_s, failed, monitoring_url, tell, verdicts
from tests.support.home import Home, an_event, until

MALFORMED = 500
"""Through each entrance."""


@pytest.mark.slow
def test_a_thousand_malformed_events_are_each_kept_with_a_reason_and_the_next_good_one_is_taken(home: Home) -> None:
    home.import_demo()
    by_http = [("/v1/events", "monitoring", body) for body in made(BAD_EVENTS | ANY_BYTES, MALFORMED // 2)]
    by_http += [
        ("/v1/sources/alertmanager", "alertmanager", body) for body in made(BAD_WEBHOOKS | ANY_BYTES, MALFORMED // 2)
    ]
    by_amqp = apart(made(BAD_EVENTS | ANY_BYTES, MALFORMED), {body for _, _, body in by_http})

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one: home.request("POST", one[0], one[2], one[1]), by_http))
    publish(monitoring_url(home), ((body, pika.BasicProperties()) for body in by_amqp))
    _, good = home.post(an_event())

    assert {status for status, _ in answers} <= {202, 422}
    assert home.done(good["event_id"], 40)["outage"] == "INC-1"
    until(lambda: len(failed(home)) >= 2 * MALFORMED, 40, "keeping all of them")
    kept = failed(home)
    assert len(kept) == 2 * MALFORMED
    assert all(row["reason"].strip() for row in kept)
    assert sorted(bytes(row["body"]) for row in kept) == sorted(by_amqp + [body for _, _, body in by_http])
    assert {answer.get("event_id") or answer["failed_id"] for _, answer in answers} <= {row["id"] for row in kept}
    assert len(home.rows("select from outage")) == 1


@pytest.mark.parametrize("message_id", ["a\x00b", "x" * 255, "people/1", "id with spaces", "🔥" * 60, ""])
def test_no_message_id_stops_intake(home: Home, message_id: str) -> None:
    tell(home, a_machine_s(), message_id=message_id)

    assert verdicts(home) == ["opened"]


def apart(bodies: list[bytes], taken: set[bytes]) -> list[bytes]:
    """All of them, none like those that are taken: what one source says twice in the same bytes is one event."""
    out = list[bytes]()
    for body in bodies:
        while body in taken:
            body += b" "
        taken.add(body)
        out.append(body)
    return out


def made(strategy: st.SearchStrategy[bytes], count: int) -> list[bytes]:
    """So many different bodies; trailing spaces tell apart what hypothesis makes twice."""
    bodies: dict[bytes, None] = {}

    @settings(
        max_examples=count, phases=[Phase.generate], database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def collect(body: bytes) -> None:
        bodies[body] = None

    collect()
    found = list(bodies)
    return [found[n % len(found)] + b" " * (n // len(found)) for n in range(count)]
