"""Every worker's own small server says what its loops say, and nothing it does leaves a bare traceback."""

import time
from collections.abc import Iterator

import pytest
import urllib3
from prometheus_client import Counter

from forewarn.runtime.health import Health, Heartbeat

SEEN = Counter("forewarn_tested_total", "Counted by a test.")


class Loops:
    """What a worker knows of itself."""

    def __init__(self) -> None:
        self.alive = self.ready = True


LOOPS = Loops()


@pytest.fixture
def loops() -> Loops:
    LOOPS.__init__()  # type: ignore[misc]
    return LOOPS


@pytest.fixture(scope="module")
def health() -> Iterator[Health]:
    health = Health("127.0.0.1", 0, lambda: LOOPS.alive, lambda: LOOPS.ready)
    yield health
    health.close()


def ask(health: Health, path: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", f"http://127.0.0.1:{health.port}{path}", timeout=5, retries=False)


def test_metrics_are_prometheus_own_format(health: Health) -> None:
    SEEN.inc()

    answer = ask(health, "/metrics")

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert b"forewarn_tested_total 1.0" in answer.data


@pytest.mark.parametrize(("path", "name"), [("/livez", "alive"), ("/readyz", "ready"), ("/livez?verbose", "alive")])
def test_a_probe_hears_200_while_all_is_well_and_503_when_not(
    health: Health, loops: Loops, path: str, name: str
) -> None:
    well = ask(health, path).status
    setattr(loops, name, False)

    assert (well, ask(health, path).status) == (200, 503)


def test_alive_and_ready_are_two_questions(health: Health, loops: Loops) -> None:
    loops.ready = False

    assert ask(health, "/livez").status == 200


def test_any_other_path_is_404_and_says_what_there_is(health: Health) -> None:
    answer = ask(health, "/")

    assert answer.status == 404
    assert b"/metrics" in answer.data and b"/livez" in answer.data and b"/readyz" in answer.data


def test_a_probe_that_raises_leaves_no_bare_traceback(
    loops: Loops, health: Health, capfd: pytest.CaptureFixture[str]
) -> None:
    del loops.ready

    with pytest.raises(urllib3.exceptions.HTTPError):
        ask(health, "/readyz")

    assert ask(health, "/livez").status == 200
    assert "Traceback" not in capfd.readouterr().err


def test_a_heart_that_beats_no_more_is_not_alive_and_one_beat_later_is() -> None:
    heart = Heartbeat(0.05)
    young = heart.alive
    time.sleep(0.06)
    old = heart.alive
    heart.beat()

    assert (young, old, heart.alive) == (True, False, True)
