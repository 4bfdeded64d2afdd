"""What the watch shows of promises and of planned work: what is due next, and how what was due ended."""

import math
import re
from collections.abc import Callable

import pytest

from forewarn.outage import NoticeClass
from services.planner import promises
from services.planner.punctuality import ENDS, SQL
from services.planner.watch import Watch
from tests.services.planner.desks import Away, Office, an_incident
from tests.services.planner.test_watch import shown

Look = Callable[[], None]


@pytest.fixture
def look(desk: Office) -> Look:
    """One look at the desk's record."""
    return Watch(desk.planner, dict, (Away,)).look


def ended() -> dict[tuple[str, str], float]:
    """Promises of the last hour that ended, by how and why."""
    counted = {(state, cause): shown("promises_last_hour", state=state, cause=cause) for state, cause in ENDS}
    return {end: count for end, count in counted.items() if count}


def lately() -> dict[str, float]:
    causes = [cause for state, cause in ENDS if state == "missed"]
    counted = {cause: shown("promises_missed_lately", cause=cause) for cause in causes}
    return {cause: count for cause, count in counted.items() if count}


def test_the_next_promise_is_shown_of_each_channel_and_side_and_of_both_sides(desk: Office, look: Look) -> None:
    desk.endpoint("hanna")
    desk.settle(desk.says("dana", **an_incident()))
    desk.run("update promise set due_at = forewarn_now() + interval '10 min' where side = 'inside'")
    desk.run("update promise set due_at = forewarn_now() + interval '20 min' where side = 'outside'")
    desk.run("update promise set due_at = due_at - interval '30 min' where channel = 'webhook'")

    look()

    assert 590 < shown("promise_next_seconds", channel="email", side="inside") <= 600
    assert 1190 < shown("promise_next_seconds", channel="email", side="outside") <= 1200
    assert -610 < shown("promise_next_seconds", channel="webhook", side="outside") <= -600
    assert math.isnan(shown("promise_next_seconds", channel="webhook", side="inside"))


def test_a_promise_counts_in_the_hour_after_it_came_due_by_how_it_ended(desk: Office, look: Look) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    desk.run("update promise set state = 'kept', due_at = forewarn_now() + interval '1 min'")
    look()
    not_due_yet = ended()
    desk.run("update promise set due_at = forewarn_now() - interval '59 min'")
    look()
    kept = ended()
    desk.run("update promise set state = 'missed', cause = 'not told in time' where side = 'inside'")
    desk.run("update promise set state = 'moot' where side = 'outside'")
    look()
    missed = ended()
    desk.run("update promise set due_at = due_at - interval '2 min'")
    look()

    assert not_due_yet == {}
    assert kept == {("kept", "none"): 2}
    assert missed == {("missed", "not_told_in_time"): 1, ("moot", "none"): 1}
    assert ended() == {}


def test_a_promise_of_a_closed_outage_counts_and_is_no_news(desk: Office, look: Look) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.run("update promise set state = 'missed', cause = 'late', due_at = forewarn_now() - interval '1 min'")
    look()
    while_open = ended(), lately()
    desk.run("update outage set closed_at = forewarn_now()")

    look()

    assert while_open == ({("missed", "late"): 2}, {"late": 2})
    assert ended() == {("missed", "late"): 2} and lately() == {}


def test_a_promise_is_counted_alike_by_two_planners_and_again_by_none(desk: Office, look: Look) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    desk.run("update promise set state = 'kept', due_at = forewarn_now() - interval '1 min'")

    for _ in range(2):
        Watch(desk.planner, dict, (Away,)).look()
        look()

    assert ended() == {("kept", "none"): 2}


def test_promises_of_a_test_are_nobodys(desk: Office, look: Look) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    desk.run("update promise set state = 'missed', cause = 'late', due_at = forewarn_now() - interval '1 min'")
    desk.run("update outage set test = true")

    look()

    assert ended() == {} and lately() == {}


def test_every_cause_that_a_promise_can_be_missed_for_is_shown() -> None:
    said = "".join(
        sql.partition("cause = ")[2].partition("\nfrom ")[0] for sql in (promises.ANSWERED, promises.RUN_OUT)
    )
    causes = set(re.findall(r"(?:then|else|p\.cause,) '([a-z ]+)'", said))

    assert {cause.replace(" ", "_") for cause in causes} == {cause for state, cause in ENDS if state == "missed"}


def work(desk: Office, **changes: object) -> int:
    """Planned work in the record; its id. `changes`: `stated`, as JSON, or `test`."""
    row = {"stated": "{}", "test": False} | changes
    number = desk.rows("select count(*)::int + 1 as n from outage")[0]["n"]
    found = desk.rows(
        "insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated)"
        " values ('maintenance', %s, 'people', 1, true, %s, forewarn_now(), '{}', %s) returning id",
        *(number, row["test"], row["stated"]),
    )
    made: int = found[0]["id"]
    desk.run("insert into plan (outage_id, planned_revision) values (%s, 1)", made)
    return made


def due(desk: Office, outage: int, seconds: int) -> None:
    desk.run(
        "update plan set due_at = forewarn_now() + %s * interval '1 s' where outage_id = %s",
        *(seconds, outage),
    )


def rung(desk: Office, outage: int, slot: str, fate: str = "told", ago: str = "1 min", **how: bool) -> None:
    """A rung that ended so long ago. `how`: `short` or `late`."""
    desk.run(
        "insert into rung (outage_id, side, channel, slot, occasion, moment, leaves_at, fate, short, late, ended_at)"
        " values (%s, 'outside', 'email', %s, 'reminder', forewarn_now(), forewarn_now(), %s, %s, %s,"
        " clock_timestamp() - %s::interval)",
        *(outage, slot, fate, how.get("short", False), how.get("late", False), ago),
    )


def test_no_rung_is_due_where_none_is_to_come(desk: Office, look: Look) -> None:
    work(desk)

    look()

    assert math.isnan(shown("rung_next_seconds")) and shown("rungs_overdue") == 0


def test_the_next_rung_is_that_of_the_work_whose_turn_is_first(desk: Office, look: Look) -> None:
    for seconds in (900, 300):
        due(desk, work(desk), seconds)

    look()

    assert 290 < shown("rung_next_seconds") <= 300 and shown("rungs_overdue") == 0


def test_a_rung_is_overdue_a_minute_after_it_should_have_left(desk: Office, look: Look) -> None:
    due(desk, work(desk), -50)
    late, ended_work, rehearsed = work(desk), work(desk), work(desk, test=True)
    for outage in (ended_work, rehearsed):
        due(desk, outage, -900)
    desk.run("update outage set closed_at = forewarn_now() where id = %s", ended_work)
    look()
    before = shown("rung_next_seconds"), shown("rungs_overdue")

    due(desk, late, -70)
    look()

    assert -60 < before[0] <= -50 and before[1] == 0
    assert -80 < shown("rung_next_seconds") <= -70 and shown("rungs_overdue") == 1


def test_rungs_of_the_last_day_are_counted_by_class_and_fate(desk: Office, look: Look) -> None:
    standard, major = work(desk), work(desk, stated='{"notice_class": "major"}')
    for slot, fate in (("a", "told"), ("b", "told"), ("c", "compressed")):
        rung(desk, standard, slot, fate)
    rung(desk, major, "a", "lapsed", ago="23 h")
    rung(desk, major, "b", "lapsed", ago="25 h")
    rung(desk, work(desk, test=True), "a")

    look()

    assert rungs() == {("standard", "told"): 2, ("standard", "compressed"): 1, ("major", "lapsed"): 1}
    assert shown("lapsed_last_day") == 1


def rungs() -> dict[tuple[str, str], float]:
    names = [(str(of), fate) for of in NoticeClass for fate in ("told", "compressed", "lapsed")]
    counted = {(of, fate): shown("rungs_last_day", **{"class": of, "fate": fate}) for of, fate in names}
    return {name: count for name, count in counted.items() if count}


def test_a_breach_is_told_at_short_notice_and_counts_once_whatever_was_compressed_into_it(
    desk: Office, look: Look
) -> None:
    outage = work(desk, stated='{"notice_class": "action_required"}')
    rung(desk, outage, "a", "compressed", short=True)
    rung(desk, outage, "b", "told", short=True, late=True)
    rung(desk, outage, "c", "lapsed", late=True)
    rung(desk, outage, "d")

    look()

    assert shown("rungs_short_last_day", **{"class": "action_required"}) == 1
    assert shown("rungs_late_last_day", **{"class": "action_required"}) == 2
    assert shown("rungs_short_last_day", **{"class": "standard"}) == 0


def test_work_counts_once_however_many_of_its_rungs_lapsed(desk: Office, look: Look) -> None:
    outage, other = work(desk), work(desk)
    for slot in "abc":
        rung(desk, outage, slot, "lapsed")
    rung(desk, other, "a", "lapsed")

    look()

    assert shown("lapsed_last_day") == 2


def test_rungs_of_long_ago_cost_a_look_nothing(desk: Office) -> None:
    outage = work(desk)
    desk.run(
        "insert into rung (outage_id, side, channel, slot, occasion, moment, leaves_at, fate, short, late, ended_at)"
        " select %s, 'outside', 'email', n::text, 'reminder', forewarn_now(), forewarn_now(), 'told', false, false,"
        " clock_timestamp() - n * interval '5 min' from generate_series(1, 20000) n",
        outage,
    )
    desk.run("analyze rung")

    with desk.planner.begin() as connection:
        since = connection.execute("select clock_timestamp() - interval '1 day' as since").fetchone()
        lines = connection.execute(f"explain {SQL['watch_rungs']}", since).fetchall()

    assert "rung_ended" in " ".join(row["QUERY PLAN"] for row in lines)


def test_whoever_communicates_and_responds_is_counted_once_for_each_open_outage(desk: Office, look: Look) -> None:
    desk.says("dana", **an_incident(), communicator="dana", responders=["dana", "ravi"])
    desk.says("dana", **an_incident() | {"key": "k2"}, communicator="dana", responders=["ravi"])
    closed = desk.says("dana", **an_incident() | {"key": "k3"}, communicator="ravi", responders=["ravi"])
    desk.run("update outage set closed_at = forewarn_now() where id = %s", closed)

    look()

    assert shown("double_roles") == 1
