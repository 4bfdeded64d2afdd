"""A series on record: our clock opens its windows, each once, and a change leaves those opened as they were (T10)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from forewarn.runtime.reader import Delivery
from services.ingest.envelope import from_the_broker
from services.ingest.intake import take
from services.ingest.sources import Heard, event_v1
from services.ingest.store import Store
from services.planner.book import Shelf
from services.planner.compose import Composer
from services.planner.plan import Planner
from services.planner.unplanned import Unplanned
from tests.services.planner.desks import Office
from tests.services.planner.serials import DAY, a_series, due_at, hears, in_days, looks, now, works

HORIZON = 45
"""Days; longer than any week of business days and 14 days."""


def test_a_series_is_told_to_nobody_and_its_next_windows_are_work_of_their_own(desk: Office) -> None:
    series = a_series(desk, benefit="Faster payouts.")

    looks(desk, series)

    found = works(desk)
    assert 3 <= len(found) <= 5, "of three to five weeks"
    assert [each["start"] - found[0]["start"] for each in found] == [n * 7 * DAY for n in range(len(found))]
    assert {(w["stated"]["series"], w["stated"]["tentative"], w["stated"]["benefit"]) for w in found} == {
        ("MNT-1", True, "Faster payouts.")
    }
    assert desk.rows("select id from notice where outage_id = %s", series) == []
    assert desk.rows("select id from notice where outage_id = %s", found[0]["id"]) != []
    assert desk.rows("select distinct source, role, act, verdict from event where id like 'occurrence/%%'") == [
        {"source": "forewarn", "role": "clock", "act": "occur", "verdict": "opened"}
    ]


def test_the_clock_looks_again_when_the_next_window_comes_within_the_horizon(desk: Office) -> None:
    series = a_series(desk)
    soon = due_at(desk, series)
    assert soon is not None and soon - now(desk) < timedelta(minutes=1), "until all are on record"

    looks(desk, series)
    again = looks(desk, series)

    later, last = due_at(desk, series), works(desk)[-1]["start"]
    assert again.openings == ()
    assert later is not None and timedelta(minutes=1) < later - now(desk) <= 7 * DAY
    assert last < later + HORIZON * DAY
    desk.run("update plan set due_at = forewarn_now() where outage_id = %s", series)
    assert series in Unplanned(desk.planner, 5, 60).due()


def test_two_clocks_that_look_at_once_and_a_word_delivered_again_open_each_window_once(desk: Office) -> None:
    series = a_series(desk)
    one, other = desk.plans.plan(series), desk.plans.plan(series)
    desk.says("dana", about="MNT-1", signed_by="Dana")
    newer = desk.plans.plan(series)
    assert one == other and newer != one

    verdicts = [hears(desk, each).verdicts for moved in (newer, one, other, newer) for each in moved.openings]

    found = works(desk)
    assert len(found) == len({each["start"] for each in found}) == len(newer.openings)
    assert set(verdicts) == {("opened",), ("repeat",), ("redelivered",)}


def test_a_word_of_an_older_revision_that_comes_first_opens_nothing_and_the_next_look_does(desk: Office) -> None:
    series = a_series(desk)
    old = desk.plans.plan(series)
    desk.says("dana", about="MNT-1", benefit="Faster payouts.")

    assert [hears(desk, each).verdicts for each in old.openings] == [("repeat",)] * len(old.openings)
    looks(desk, series)

    assert {each["stated"]["benefit"] for each in works(desk)} == {"Faster payouts."}


def test_a_lost_word_is_said_again(desk: Office) -> None:
    series = a_series(desk)
    lost = desk.plans.plan(series)

    looks(desk, series)

    assert len(works(desk)) == len(lost.openings) > 0


def test_a_word_that_did_not_come_from_our_workers_opens_nothing(desk: Office) -> None:
    forged = desk.plans.plan(a_series(desk)).openings[0]
    body = orjson.dumps(orjson.loads(forged.body) | {"source": "native"})
    delivery = Delivery(body, forged.event_id, "monitoring", {"role": "clock"}, 1)

    taken = take(from_the_broker(delivery, "door", "forewarn", now(desk)), Store(desk.ingest), desk.policy)

    assert taken.failed is not None and "our own clock" in taken.failed
    assert works(desk) == []


def said(desk: Office, **event: Any) -> str:
    """What is answered to a person who changes a series."""
    desk.says("dana", **event)
    rows = desk.rows("select reason from event where author = 'dana' order by received_at desc limit 1")
    return str(rows[0]["reason"])


def test_a_moved_series_leaves_what_is_opened_and_says_so_and_follows_its_new_window_after_it(desk: Office) -> None:
    series = a_series(desk)
    looks(desk, series)
    before = works(desk)

    answer = said(desk, about="MNT-1", kind="maintenance", window=in_days(desk, 3))
    looks(desk, series)

    for each in before[:5]:
        assert each["name"] in answer
    assert "maintenance cancel " + before[0]["name"] in answer
    after = works(desk)
    assert after[: len(before)] == before
    assert all(new["start"] > before[-1]["start"] for new in after[len(before) :])


def test_where_the_opened_windows_of_a_moved_series_are_cancelled_the_new_ones_are_opened(desk: Office) -> None:
    series = a_series(desk)
    looks(desk, series)
    old = works(desk)
    said(desk, about="MNT-1", kind="maintenance", window=in_days(desk, 3))
    for each in old:
        desk.says("dana", about=each["name"], status="cancelled")

    looks(desk, series)

    new = [each for each in works(desk) if each not in old and each["stated"]["status"] == "scheduled"]
    assert DAY <= new[0]["start"] - old[0]["start"] < DAY + timedelta(minutes=1)


@pytest.mark.parametrize("end", [{"status": "cancelled"}, {"act": "withdraw"}])
def test_a_series_that_is_over_opens_nothing_more_and_its_opened_windows_stand(
    desk: Office, end: dict[str, str]
) -> None:
    series = a_series(desk)
    looks(desk, series)

    answer = said(desk, about="MNT-1", **end)

    assert "left as it was" in answer
    assert looks(desk, series).openings == () and due_at(desk, series) is None
    assert desk.rows("select count(*) as n from outage where closed_at is null")[0]["n"] == len(works(desk))


def test_a_cancelled_window_is_not_opened_again(desk: Office) -> None:
    series = a_series(desk)
    looks(desk, series)
    found = works(desk)
    for each in found:
        desk.says("dana", about=each["name"], status="cancelled")

    assert looks(desk, series).openings == ()
    assert len(works(desk)) == len(found)


def test_an_opened_window_that_is_moved_far_away_keeps_none_of_the_others_from_opening(desk: Office) -> None:
    series = a_series(desk)
    looks(desk, series)
    desk.says("dana", about=works(desk)[0]["name"], kind="maintenance", window=in_days(desk, 400))
    count = len(works(desk))

    due = due_at(desk, series)
    looks(desk, series)

    assert len(works(desk)) == count and due is not None and due < now(desk) + HORIZON * DAY


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"rule": "FREQ=SECONDLY"}, "finer than HOURLY"),
        ({"rule": "FREQ=WEEKLY;BYDAY=ZZ"}, "BYDAY=ZZ is not understood"),
        ({"rule": "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2"}, "does not happen at all"),
        ({"kind": "incident"}, "only planned work recurs"),
        ({"window": None}, "needs a window"),
    ],
)
def test_the_door_refuses_what_cannot_recur_and_says_why(desk: Office, said: dict[str, Any], words: str) -> None:
    event = {"kind": "maintenance", "window": in_days(desk, 2), "recurrence": said.get("rule", "FREQ=WEEKLY")}
    body = orjson.dumps(event | {name: value for name, value in said.items() if name != "rule"})
    heard = Heard("e1", event_v1.FORMAT, body, now(desk), "people", "dana", "communicator", True)

    taken = take(heard, Store(desk.ingest), desk.policy)

    assert taken.failed is not None and words in taken.failed
    assert desk.ask("POST", "/v1/preview", orjson.loads(body))[0] == 422


def test_a_rehearsal_of_a_series_shows_its_next_windows_and_writes_nothing(desk: Office) -> None:
    before = desk.everything()

    plan = {"kind": "maintenance", "components": ["card-payments"], "window": in_days(desk, 2)}
    view = desk.post("/v1/maintenances/rehearsal", plan | {"recurrence": "freq=weekly"})

    assert (view["rungs"], view["recurrence"], len(view["occurrences"])) == ([], "FREQ=WEEKLY", 5)
    starts = [datetime.fromisoformat(each["start"]) for each in view["occurrences"]]
    assert [start - starts[0] for start in starts] == [n * 7 * DAY for n in range(5)]
    assert desk.everything() == before


def test_the_schedule_of_a_series_names_the_windows_opened_and_shows_the_next(desk: Office) -> None:
    series = a_series(desk)
    looks(desk, series)
    found = works(desk)

    view = desk.get("/v1/outages/MNT-1/schedule")

    names = [each["name"] for each in view["occurrences"]]
    assert names == [each["name"] for each in found] + [None] * 5
    assert {each["tentative"] for each in view["occurrences"]} == {True}
    rows = {row["name"]: (row["recurrence"], row["series"]) for row in desk.get("/v1/outages?kind=maintenance")}
    assert rows["MNT-1"] == ("FREQ=WEEKLY", None) and rows[found[0]["name"]] == (None, "MNT-1")


def test_a_series_itself_is_not_work_that_anybody_hears_of_on_a_day(desk: Office) -> None:
    a_series(desk, days=60)

    view = desk.post("/v1/maintenances/rehearsal", {
        "kind": "maintenance", "components": ["card-payments"], "window": in_days(desk, 60),
    })  # fmt: skip

    assert {rung["clashes"] for rung in view["rungs"] if rung["occasion"] == "reminder"} <= {0, None}


def test_whether_a_window_that_is_near_will_be_used_is_asked_until_somebody_says(desk: Office) -> None:
    looks(desk, a_series(desk))
    near, far, *_ = [each["name"] for each in works(desk)]

    asks = {row["name"]: row["asks"] for row in desk.get("/v1/outages?kind=maintenance")}
    desk.says("dana", about=near, tentative=False)

    assert f"will it be used, and for what? forewarn maintenance confirm {near}" in asks[near]
    assert asks[far] is None and asks["MNT-1"] is None
    assert desk.get(f"/v1/outages/{near}")["asks"] is None


def in_zone(desk: Office, composer: Composer, zone: str) -> None:
    """The policy's zone from now on; planner and ingest were restarted with it."""
    maintenance = desk.policy.maintenance.model_copy(update={"zone": zone})
    desk.policy = desk.policy.model_copy(update={"maintenance": maintenance})
    desk.plans = Planner(Shelf(desk.planner, "sandbox", desk.policy), composer, desk.policy)


def berlin(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('Europe/Berlin')):%a %H:%M}"


@pytest.fixture(params=["FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO"])
def summer(desk: Office, composer: Composer, request: pytest.FixtureRequest) -> Office:
    """Mondays at 00:30 in Berlin, on each side of the clock change; in New York it is Sunday then."""
    in_zone(desk, composer, "Europe/Berlin")
    desk.run("insert into fast_clock values (true, clock_timestamp(), '2027-03-13T12:00Z', 1)")
    window = {"start": "2027-03-15T00:30:00+01:00", "end": "2027-03-15T01:30:00+01:00"}
    desk.says("dana", kind="maintenance", components=["card-payments"], window=window, recurrence=request.param)
    looks(desk, 1)
    return desk


def a_fortnight_later(desk: Office) -> None:
    desk.run("update fast_clock set told_start = told_start + interval '14 days'")


def test_a_series_recurs_by_the_clock_that_it_was_planned_by_whatever_the_policy_says_later(
    summer: Office, composer: Composer
) -> None:
    before = len(works(summer))
    in_zone(summer, composer, "America/New_York")
    assert looks(summer, 1).openings == ()
    a_fortnight_later(summer)

    looks(summer, 1)

    found = works(summer)
    assert len(found) == len({each["start"] for each in found}) == before + 2
    assert {berlin(each["start"]) for each in found} == {"Mon 00:30"}
    assert {each["stated"].get("zone") for each in found} == {None}
    view = summer.get("/v1/outages/MNT-1/schedule")
    assert view["zone"] == "Europe/Berlin"


def test_a_series_that_is_moved_recurs_by_the_clock_of_then(summer: Office, composer: Composer) -> None:
    in_zone(summer, composer, "America/New_York")
    summer.says("dana", about="MNT-1", benefit="Faster payouts.")
    kept = summer.get("/v1/outages/MNT-1")["facts"]["zone"]
    window = {"start": "2027-03-15T00:30:00-04:00", "end": "2027-03-15T01:30:00-04:00"}

    summer.says("dana", about="MNT-1", kind="maintenance", window=window)

    assert (kept, summer.get("/v1/outages/MNT-1")["facts"]["zone"]) == ("Europe/Berlin", "America/New_York")
