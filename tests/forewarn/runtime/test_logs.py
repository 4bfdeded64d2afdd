"""One event, one line, one JSON object; no address, no body, no text of an exception, whoever logs."""

import subprocess
import sys
import textwrap

import orjson
import pytest

ADDRESS = "hanna.vogel@nordwind.example"
NAME = "Hanna Vogel"

ALL_WHO_LOG = """
import asyncio, gc, logging, threading, warnings
from forewarn.runtime.logs import logger, start_logs

ADDRESS, NAME = {address!r}, {name!r}
start_logs("dispatch")

class Refused(Exception):
    pass

def refused():
    raise Refused(f"550 <{{ADDRESS}}> ({{NAME}}) is unknown\\nsecond line {{ADDRESS}}")

log = logger("services.dispatch")
log.info("batch_worked_on", notice="7f", lane="urgent", n=3)
try:
    refused()
except Refused as fault:
    log.exception("delivery_raised", queue="q")
    log.warning("message_raised", tries=2, exc_info=fault)

dramatiq = logging.getLogger("dramatiq.worker.WorkerThread")
try:
    refused()
except Refused:
    dramatiq.error("Failed to process message %s with unhandled exception.", f"send({{ADDRESS}})", exc_info=True)
dramatiq.critical("Consumer encountered a connection error: %s", Refused(ADDRESS))
dramatiq.warning("Five %d", ADDRESS)
logging.getLogger("some.library").error(Refused(ADDRESS))
logging.getLogger("some.library").error(f"could not reach <{{ADDRESS}}>")
logging.getLogger("dramatiq").info("Received message %s.", ADDRESS)

async def forgotten():
    task = asyncio.get_running_loop().create_task(raises())
    await asyncio.sleep(0)
    del task
async def raises():
    refused()
asyncio.run(forgotten())
gc.collect()

thread = threading.Thread(target=refused)
thread.start()
thread.join()
warnings.warn(f"deprecated for {{ADDRESS}}", stacklevel=1)

class Unraisable:
    def __del__(self):
        refused()
Unraisable()
log.info("huge", number=2**80, half="\\ud83d")
refused()
"""


@pytest.fixture(scope="module")
def written() -> str:
    """What a process writes in which everybody logs who can."""
    program = textwrap.dedent(ALL_WHO_LOG.format(address=ADDRESS, name=NAME))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and done.stdout == ""
    return done.stderr


def lines(written: str, event: str) -> list[dict[str, object]]:
    return [line for line in map(orjson.loads, written.splitlines()) if line["event"] == event]


def test_every_line_is_one_json_object_with_its_service(written: str) -> None:
    everything = [orjson.loads(line) for line in written.splitlines()]

    assert len(everything) >= 14
    assert {line["service"] for line in everything} == {"dispatch"}
    assert all({"at", "level", "event"} <= line.keys() for line in everything)


def test_no_line_has_an_address_a_name_or_the_text_of_an_exception(written: str) -> None:
    assert "@" not in written
    assert NAME not in written
    assert "550 <" not in written and "is unknown" not in written and "second line" not in written


def test_our_own_event_keeps_its_fields(written: str) -> None:
    (line,) = lines(written, "batch_worked_on")

    assert {"notice": "7f", "lane": "urgent", "n": 3, "level": "info"}.items() <= line.items()


@pytest.mark.parametrize("event", ["delivery_raised", "message_raised"])
def test_an_exception_is_its_type_and_its_places(written: str, event: str) -> None:
    (line,) = lines(written, event)

    assert line["error"] == "Refused"
    assert str(line["places"]).endswith("refused']")


def test_a_library_keeps_its_template_and_loses_its_arguments(written: str) -> None:
    (line,) = lines(written, "Failed to process message %s with unhandled exception.")

    assert (line["logger"], line["error"]) == ("dramatiq.worker.WorkerThread", "Refused")


def test_a_library_is_not_heard_below_a_warning(written: str) -> None:
    assert lines(written, "Received message %s.") == []


def test_what_nobody_caught_is_a_line_too(written: str) -> None:
    uncaught = lines(written, "uncaught")

    assert [line["error"] for line in uncaught] == ["Refused"] * 3, "a thread, a finalizer, the main program"
