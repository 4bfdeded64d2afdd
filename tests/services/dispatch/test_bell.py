"""Laws of the bell: a page rings once an attempt, however often it is delivered, and is marked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis

from forewarn.contracts.page import IN_AIR, Page, Paged, answer_heard, answer_said, page_key
from forewarn.dev.servers import Servers
from forewarn.mode import Mode
from forewarn.runtime.redis import AWAY, connect
from services.dispatch import reach
from services.dispatch.bell import Bell
from services.dispatch.reach import open_reach
from tests.support.other_redis import other_redis
from tests.support.pages import Ear, ear

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def marks(servers: Servers) -> Iterator[redis.Redis]:
    with other_redis(servers.urls.redis) as url:
        yield connect(url)


@pytest.fixture
def heard() -> Iterator[Ear]:
    with ear() as listening:
        yield listening


def a_page(attempt: int = 1, lasts: float = 10) -> Page:
    return Page(
        warning_id="0123456789abcdef",
        person="dana",
        text="INC-7: readers wait.",
        attempt=attempt,
        expires_at=NOW + timedelta(minutes=lasts),
    )


def a_bell(marks: redis.Redis, heard: Ear, path: str = "in") -> Bell:
    return Bell(marks, open_reach({"dana": [heard.url(path)]}, {}, Mode.SANDBOX), lambda: NOW)


def mark(marks: redis.Redis, attempt: int = 1) -> object:
    return marks.get(page_key("0123456789abcdef", attempt))


@pytest.mark.parametrize(("path", "answer"), [("in", (Paged.ACCEPTED, None)), ("no", (Paged.FAILED, "way 0: failure"))])
def test_what_became_of_a_page_is_marked(
    marks: redis.Redis, heard: Ear, path: str, answer: tuple[Paged, str | None]
) -> None:
    a_bell(marks, heard, path).ring(a_page())

    found = mark(marks)
    assert isinstance(found, str) and answer_heard(found) == answer


def test_a_pager_that_hangs_is_marked_as_unknown_and_the_next_page_rings(
    marks: redis.Redis, heard: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "CALL_SECONDS", 0.5)

    a_bell(marks, heard, "slow").ring(a_page(1))
    a_bell(marks, heard).ring(a_page(2))

    found = [mark(marks, attempt) for attempt in (1, 2)]
    assert found == [answer_said(Paged.UNKNOWN, "way 0: timeout"), answer_said(Paged.ACCEPTED)]


def test_a_page_delivered_twice_rings_once(marks: redis.Redis, heard: Ear) -> None:
    bell = a_bell(marks, heard)

    for _ in range(3):
        bell.ring(a_page())

    assert heard.texts == ["INC-7: readers wait."]
    assert mark(marks) == answer_said(Paged.ACCEPTED)


def test_a_page_whose_runner_died_in_the_call_is_not_repeated(marks: redis.Redis, heard: Ear) -> None:
    marks.set(page_key("0123456789abcdef", 1), IN_AIR)

    a_bell(marks, heard).ring(a_page())

    assert (heard.texts, mark(marks)) == ([], IN_AIR)


def test_another_attempt_rings_again(marks: redis.Redis, heard: Ear) -> None:
    a_bell(marks, heard, "no").ring(a_page(1))
    a_bell(marks, heard).ring(a_page(2))

    assert [path for path, _ in heard.heard] == ["/no", "/in"]
    assert mark(marks, 2) == answer_said(Paged.ACCEPTED)


def test_a_page_that_comes_too_late_wakes_nobody(marks: redis.Redis, heard: Ear) -> None:
    a_bell(marks, heard).ring(a_page(lasts=0))

    assert (heard.texts, mark(marks)) == ([], None)


def test_without_redis_nobody_is_paged_and_the_message_waits(heard: Ear) -> None:
    bell = a_bell(connect("redis://127.0.0.1:1/0"), heard)

    with pytest.raises(AWAY):
        bell.ring(a_page())

    assert heard.texts == []


def test_marks_end_by_themselves(marks: redis.Redis, heard: Ear) -> None:
    a_bell(marks, heard).ring(a_page())

    assert 3600 < int(marks.ttl(page_key("0123456789abcdef", 1))) <= 24 * 3600
