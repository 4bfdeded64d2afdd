"""Laws of what is owed: a batch is swept when its lane must have come to it, a dead letter has the last word once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis

from forewarn.contracts.names import marks_key
from forewarn.contracts.policy import Policy
from forewarn.dev.servers import Servers
from forewarn.runtime.postgres import Database
from forewarn.runtime.redis import connect
from services.planner.calmed import Calmed
from services.planner.control import Control
from services.planner.owed import Debts
from services.planner.settings import PlannerSettings
from services.planner.stops import Stops
from services.planner.unplanned import Unplanned
from services.planner.windows import FrozenWindows
from tests.support.aloft import Aloft
from tests.support.other_redis import other_redis

POLICY = Policy.model_validate({"delivery": {"email_per_second": 2}})
MINUTE = 60
SWEEP = 10 * MINUTE


class Owing(Aloft):
    """A record in the air, and the debts that a clock finds in it."""

    def __init__(self, url: str, database: Database, redis_url: str, client: redis.Redis) -> None:
        super().__init__(url)
        self.client, control = client, Control(database, client)
        urls = {"database_url": url, "rabbitmq_url": "amqp://nowhere", "redis_url": redis_url}
        settings = PlannerSettings.model_validate({**urls, "delivery": "sandbox", "sweep_seconds": SWEEP})
        stops = Stops(database, control, POLICY, FrozenWindows(database, POLICY, timedelta(seconds=SWEEP)), 12)
        calmed, unplanned = Calmed(database, POLICY.episodes), Unplanned(database, 5, 60)
        self.debts = Debts(database, settings, POLICY, control, stops, calmed, unplanned)
        control.refresh()

    def flight(self, letters: str) -> int:
        people = self.released(len(letters))
        return self.batch(self.window(), people, letters)

    def waits(self, seconds: float) -> None:
        """So long the batches have been open; their sweep is owed by now."""
        self.run(
            "update batch set made_at = clock_timestamp() - %s * interval '1 s', again_at = clock_timestamp()", seconds
        )

    def swept(self) -> int:
        """How many batches a look publishes anew."""
        return len(self.debts.batches())

    def again_in(self) -> float:
        """Seconds to the next sweep."""
        return float(self.one("select extract(epoch from again_at - clock_timestamp()) from batch"))


@pytest.fixture
def owing(servers: Servers, database: str) -> Iterator[Owing]:
    planner = Database(database, "forewarn_planner", "sandbox", 2)
    planner.open()
    with other_redis(servers.urls.redis) as url, connect(url) as client:
        yield Owing(database, planner, url, client)
    planner.close()


# -- the sweep -------------------------------------------------------------------------------------------


def test_a_batch_that_its_lane_could_have_worked_off_thrice_is_swept(owing: Owing) -> None:
    owing.flight("a..")
    owing.waits(SWEEP)

    assert owing.swept() == 1
    assert owing.one("select sweep_no from batch") == 1


def test_a_batch_whose_lane_is_long_is_put_off_until_it_could_have_been_worked_off_thrice(owing: Owing) -> None:
    owing.flight("." * 1000)  # 500 s at two a second
    owing.waits(SWEEP)

    assert owing.swept() == 0
    assert owing.one("select sweep_no from batch") == 0
    assert owing.again_in() == pytest.approx(SWEEP, abs=5), "it is looked at now and then"
    owing.waits(3 * 500)
    assert owing.swept() == 1


def test_a_batch_is_put_off_no_longer_than_its_lane_needs_by_then(owing: Owing) -> None:
    owing.flight("." * 1000)
    owing.waits(SWEEP)
    assert owing.swept() == 0

    owing.run("update batch set outcomes = repeat('a', 990) || repeat('.', 10)")
    owing.waits(SWEEP + 1)

    assert owing.swept() == 1


@pytest.mark.parametrize("sweeps, times", [(1, 3), (2, 7), (3, 15), (9, 15)])
def test_each_sweep_is_as_patient_again_as_all_before(owing: Owing, sweeps: int, times: int) -> None:
    owing.flight("." * 1000)
    owing.run("update batch set sweep_no = %s", sweeps)

    owing.waits(times * 1500 - 10)
    early = owing.swept()
    owing.waits(times * 1500 + 1)

    assert (early, owing.swept()) == (0, 1)


def test_after_the_loss_of_redis_nobody_waits_for_the_lane(owing: Owing) -> None:
    owing.flight("." * 1000)
    owing.run("update control set epoch = 'other', epoch_at = clock_timestamp() - interval '1 hour'")

    assert owing.swept() == 1


def test_a_sweep_lays_the_marks_over_the_record_and_publishes_what_is_open_a_turn_later(owing: Owing) -> None:
    batch = owing.flight("....")
    owing.client.set(marks_key(batch), "aR?.")
    owing.waits(SWEEP)

    (body,) = owing.debts.batches()

    assert owing.outcomes(batch) == "aR.."
    assert '"turn" : 1000' in body.json
    assert body.json.count("@nordwind.example") == 2


def test_a_batch_with_all_its_letters_in_redis_is_published_no_more(owing: Owing) -> None:
    batch = owing.flight("..")
    owing.client.set(marks_key(batch), "aS")
    owing.waits(SWEEP)

    assert owing.swept() == 0
    assert owing.outcomes(batch) == "aS"


def test_a_swept_batch_is_due_again_after_twice_as_long(owing: Owing) -> None:
    batch = owing.flight(".")
    for sweep in (1, 2):
        owing.waits(100 * SWEEP)
        assert owing.swept() == 1
        owing.debts.swept(batch)
        assert owing.again_in() == pytest.approx(SWEEP * 2**sweep, abs=5)


# -- dead letters ----------------------------------------------------------------------------------------


def test_a_dead_letter_is_failed_after_the_marks_were_heard(owing: Owing) -> None:
    batch = owing.flight(".....")
    owing.client.set(marks_key(batch), "a?!R.")

    settled = owing.debts.bury(batch, 0)

    assert settled is not None and settled.window_settled
    assert owing.outcomes(batch) == owing.client.get(marks_key(batch)) == "auuRD"


def test_a_dead_letter_of_an_older_turn_says_nothing(owing: Owing) -> None:
    batch = owing.flight("..")
    owing.waits(SWEEP)
    owing.debts.batches()

    assert owing.debts.bury(batch, 7) is None
    assert owing.outcomes(batch) == ".."


def test_a_dead_letter_twice_is_as_once(owing: Owing) -> None:
    batch = owing.flight("a.")
    owing.debts.bury(batch, 0)

    owing.debts.bury(batch, 0)

    assert owing.outcomes(batch) == "aD"


def test_a_dead_letter_of_a_batch_that_is_not_on_record_says_nothing(owing: Owing) -> None:
    assert owing.debts.bury(12345, 0) is None
