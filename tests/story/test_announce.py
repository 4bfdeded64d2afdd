"""T19, on real servers: a pipeline announces a release in one line, and a run that is repeated tells nobody twice."""

import orjson
import pytest

from tests.story.test_demo import CUSTOMERS
from tests.support.home import Home, until
from tests.support.laws import accepted_once, planned_once

GAIN = "Payments are confirmed at once."
LINE = ("announce", "--benefit", GAIN, "--components", "card-payments", "--yes", "--json")


def announced(home: Home, version: str) -> str:
    """The line of a pipeline, as the version's own act; what it announced."""
    said = orjson.loads(home.cli(*LINE, "--version", version, "--event-id", f"release-{version}", token="dana"))
    return str(home.done(said["event_id"])["outage"])


def redelivered(home: Home) -> float:
    """How many events came again, by what ingest counts."""
    lines = home.house.workers["ingest"].metrics().splitlines()
    counted = [line for line in lines if line.startswith("forewarn_events_total{") and '"redelivered"' in line]
    return sum(float(line.rpartition(" ")[2]) for line in counted)


@pytest.mark.slow
def test_t19_a_release_is_announced_in_one_line_and_its_repeated_run_tells_nobody_twice(home: Home) -> None:
    home.import_demo()
    before = redelivered(home)

    names = [announced(home, "2.4"), announced(home, "2.4")]
    until(lambda: redelivered(home) == before + 1, 20, "the second run's event")
    home.accounted()
    names.append(announced(home, "2.5"))
    until(lambda: len(home.mails("kenji.morita@nordwind.example")) == 2, 20, "the next release")
    home.accounted()

    assert names == ["ANN-1", "ANN-1", "ANN-2"]
    mails = accepted_once(home)
    assert planned_once(home) == len(mails)
    customers = [mail for mail in mails if mail.recipients[0] in CUSTOMERS]
    assert {mail.recipients[0] for mail in customers} == CUSTOMERS and len(customers) == 2 * len(CUSTOMERS)
    subjects = [mail.subject for mail in home.mails("kenji.morita@nordwind.example")]
    assert subjects == ["Acme Release 2.4 Announcement", "Acme Release 2.5 Announcement"]
    assert all(GAIN in home.text(mail) for mail in customers)
    released = home.rows("select number, revision from outage order by number")
    assert released == [{"number": 1, "revision": 1}, {"number": 2, "revision": 1}]
