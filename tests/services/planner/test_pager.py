"""Warnings on record: found once, given to dispatch, and never for ever; real PostgreSQL and Redis."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from forewarn.contracts.page import IN_AIR, Page, Paged, answer_said, page_key
from forewarn.contracts.policy_communication import Communication
from forewarn.dev.servers import Servers
from forewarn.runtime.redis import connect
from services.planner.pager import ATTEMPTS, Pager
from services.planner.watch import SQL
from tests.services.planner.desks import Office, an_incident
from tests.support.other_redis import other_redis

COMMUNICATION = Communication.model_validate(
    {
        "rotas": {
            "cards": {"people": ["dana", "ravi"], "every": "99w", "since": "2026-01-01"},
            "night": {"people": ["noor"], "since": "2026-01-01"},
        },
        "owners": {"payments": "cards"},
        "default_rota": "night",
        "reach": {name: ["json://127.0.0.1/"] for name in ("dana", "ravi", "noor", "ana")},
    }
)

Looks = Callable[..., list[Page]]


@pytest.fixture
def marks(servers: Servers) -> Iterator[redis.Redis]:
    with other_redis(servers.urls.redis) as url:
        yield connect(url)


@pytest.fixture
def looks(desk: Office, marks: redis.Redis) -> Looks:
    """A look of a clock that has not looked for long."""

    def look(communication: Communication = COMMUNICATION) -> list[Page]:
        return Pager(desk.planner, marks, communication, debt_seconds=60).due()

    return look


def owned(desk: Office) -> None:
    desk.run("update component set owner = 'payments'")


def due_in(desk: Office, minutes: float) -> None:
    """All was promised an hour ago, and is due in so many minutes."""
    desk.run("update notice_channel set released_at = released_at - interval '1 h' where released_at is not null")
    desk.run("update promise set due_at = forewarn_now() + %s * interval '1 min'", minutes)


def promised(desk: Office, minutes: float, **said: Any) -> None:
    owned(desk)
    desk.settle(desk.says("dana", **an_incident(**said)))
    due_in(desk, minutes)


def warnings(desk: Office) -> list[tuple[str, int, str | None, str]]:
    rows = desk.rows("select kind, step, person, state from warning order by made_at, kind, step")
    return [(row["kind"], row["step"], row["person"], row["state"]) for row in rows]


def whole(desk: Office) -> dict[str, Any]:
    return desk.rows("select * from warning")[0]


def held(desk: Office, minutes: float) -> int:
    """Customers have waited so long for a person's word on what a machine says."""
    owned(desk)
    outage = desk.says("probe", **an_incident())
    desk.run("update notice set made_at = made_at - %s * interval '1 min'", minutes)
    return outage


def holding(desk: Office, times: int) -> None:
    """Nothing new, and so many promises kept automatically, at once."""
    owned(desk)
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    for _ in range(times):
        due_in(desk, 0.5)
        desk.settle(outage)
    assert [n["occasion"] for n in desk.notices()] == ["first"] + ["holding"] * times


# -- what is found -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "found"), [(15.5, 0), (14.5, 1), (4.5, 1), (-0.1, 0)])
def test_the_communicator_is_paged_before_a_promise(desk: Office, looks: Looks, minutes: float, found: int) -> None:
    promised(desk, minutes)

    pages = looks()

    assert [page.person for page in pages] == ["dana"] * found
    assert all(page.text.startswith("INC-1 (card-payments): readers were promised more by") for page in pages)


def test_a_warning_is_told_once_by_whichever_clock_and_the_next_one_too(desk: Office, looks: Looks) -> None:
    promised(desk, 14.5)

    told = [len(looks()), len(looks()), len(looks())]
    due_in(desk, 4.5)  # another promised time
    told += [len(looks()), len(looks())]

    assert told == [1, 0, 0, 1, 0]
    assert warnings(desk) == [("promise", 0, "dana", "owed")] * 2


def test_a_promise_that_news_in_the_air_will_keep_is_nobody_s_worry(desk: Office, looks: Looks) -> None:
    promised(desk, 14.5)
    desk.says("dana", about="INC-1", cause="A full disk.")

    assert looks() == []


def test_whoever_is_named_is_warned_else_the_owner_s_rota_else_the_default(desk: Office, looks: Looks) -> None:
    promised(desk, 14.5)
    desk.run("update component set owner = null")
    by_default = looks()[0].person
    desk.says("dana", about="INC-1", act="hand_over", communicator="ana")
    due_in(desk, 4.5)

    assert (by_default, looks()[0].person) == ("noor", "ana")


def test_two_automatic_notices_in_a_row_page_the_next_communicator(desk: Office, looks: Looks) -> None:
    holding(desk, 2)

    assert [(page.person, "2 notices in a row" in page.text) for page in looks()] == [("ravi", True)]
    assert warnings(desk) == [("silence", 1, "ravi", "owed")]


def test_one_automatic_notice_pages_nobody_and_news_ends_the_row(desk: Office, looks: Looks) -> None:
    holding(desk, 1)
    after_one = looks()
    desk.settle(desk.says("dana", about="INC-1", cause="A full disk."))
    due_in(desk, 0.5)
    desk.settle(1)

    assert [n["occasion"] for n in desk.notices()] == ["first", "holding", "update", "holding"]
    assert [page for page in (*after_one, *looks()) if "in a row" in page.text] == []


@pytest.mark.parametrize(("minutes", "steps"), [(9, []), (11, [1]), (21, [2])])
def test_customers_held_and_nobody_answers_pages_the_next(
    desk: Office, looks: Looks, minutes: float, steps: list[int]
) -> None:
    held(desk, minutes)

    assert [page.person for page in looks()] == [{1: "ravi", 2: "ravi"}[step] for step in steps]
    assert [(kind, step) for kind, step, *_ in warnings(desk)] == [("unanswered", step) for step in steps]


@pytest.mark.parametrize("answer", ["take", "release", "dismiss"])
def test_any_answer_of_a_person_ends_the_waiting(desk: Office, looks: Looks, answer: str) -> None:
    held(desk, 11)
    desk.says("dana", about="INC-1", act=answer)

    assert looks() == []


def test_a_machine_that_goes_on_talking_does_not_begin_the_wait_anew(desk: Office, looks: Looks) -> None:
    held(desk, 11)
    desk.says("probe", **an_incident(severity="major", sequence=2, symptoms="Cards fail."))

    assert [page.person for page in looks()] == ["ravi"]


def test_nobody_is_paged_for_a_test_nor_for_what_is_over(desk: Office, looks: Looks) -> None:
    promised(desk, 14.5, test=True)
    held(desk, 11)
    desk.run("update outage set closed_at = forewarn_now() where not test")

    assert looks() == []
    assert warnings(desk) == []


def test_without_anybody_to_page_nothing_is_recorded(desk: Office, looks: Looks) -> None:
    promised(desk, 14.5)

    assert looks(Communication()) == []
    assert warnings(desk) == []


def test_an_incident_that_is_nobody_s_is_on_record_as_such(desk: Office, looks: Looks) -> None:
    promised(desk, 14.5)

    assert looks(Communication.model_validate({"reach": {"ana": ["json://127.0.0.1/"]}})) == []
    assert warnings(desk) == [("promise", 0, None, "nobody")]
    assert "paged nobody (nobody to page: " in desk.get("/v1/outages/INC-1/log")[-1]["what"]


def test_whoever_it_is_handed_to_is_paged_once_that_it_is_theirs(desk: Office, looks: Looks) -> None:
    promised(desk, 45)
    desk.says("dana", about="INC-1", act="hand_over", communicator="ana")
    pages = [*looks(), *looks()]
    desk.says("dana", about="INC-1", cause="A full disk.")

    assert [page.person for page in (*pages, *looks())] == ["ana"]
    assert "it is yours now, handed over by dana; readers were promised more by " in pages[0].text


def test_it_is_handed_over_also_where_nothing_is_promised(desk: Office, looks: Looks) -> None:
    desk.says("dana", **an_incident())
    desk.says("dana", about="INC-1", act="hand_over", communicator="ana")
    desk.run("update promise set state = 'kept'")

    assert [page.text for page in looks()] == [
        "INC-1 (card-payments): it is yours now, handed over by dana. forewarn incident show INC-1"
    ]


@pytest.mark.parametrize("then", [{"act": "take"}, {"act": "hand_over", "communicator": "dana"}])
def test_what_somebody_takes_upon_themselves_is_no_page(desk: Office, looks: Looks, then: dict[str, Any]) -> None:
    promised(desk, 45)
    desk.says("dana", about="INC-1", act="hand_over", communicator="ana")
    desk.says("dana", about="INC-1", **then)

    assert looks() == []


def test_a_hand_over_to_whom_nobody_can_page_is_told_to_nobody_else_as_theirs(desk: Office, looks: Looks) -> None:
    promised(desk, 45)
    desk.says("dana", about="INC-1", act="hand_over", communicator="anna")

    assert looks() == []
    assert warnings(desk) == []


def test_a_hand_over_of_hours_ago_is_no_news(desk: Office, looks: Looks) -> None:
    promised(desk, 45)
    desk.says("dana", about="INC-1", act="hand_over", communicator="ana")
    desk.run("alter table revision disable trigger user")
    desk.run("update revision set at = at - interval '2 h'")

    assert looks() == []


# -- what becomes of it ------------------------------------------------------------------------------


def answered(desk: Office, marks: redis.Redis, page: Page, mark: str) -> None:
    """Dispatch has marked it, and whatever waits for a time has waited."""
    marks.set(page_key(page.warning_id, page.attempt), mark)


def waited(desk: Office) -> None:
    desk.run("update warning set again_at = clock_timestamp()")


def test_an_accepted_page_is_on_record_and_in_the_log(desk: Office, looks: Looks, marks: redis.Redis) -> None:
    promised(desk, 14.5)
    (page,) = looks()
    answered(desk, marks, page, answer_said(Paged.ACCEPTED))
    waited(desk)

    assert looks() == []
    assert warnings(desk) == [("promise", 0, "dana", "accepted")]
    entry = desk.get("/v1/outages/INC-1/log")[-1]
    assert (entry["role"], entry["act"], entry["what"]) == ("clock", "warning", f"paged dana, accepted: {page.text}")


@pytest.mark.parametrize("mark", [None, IN_AIR])
def test_a_page_without_an_answer_is_published_again_as_the_same_attempt(
    desk: Office, looks: Looks, marks: redis.Redis, mark: str | None
) -> None:
    promised(desk, 14.5)
    (page,) = looks()
    if mark is not None:
        answered(desk, marks, page, mark)
    waited(desk)

    assert looks() == [page]


def test_a_page_that_reached_nobody_is_tried_anew_a_few_times_and_no_more(
    desk: Office, looks: Looks, marks: redis.Redis
) -> None:
    promised(desk, 14.5)
    tried = []
    for _ in range(ATTEMPTS + 2):
        for page in looks():
            tried.append(page.attempt)
            answered(desk, marks, page, answer_said(Paged.FAILED, "ways 1: refused"))
        assert looks() == [], "not at once"
        waited(desk)

    assert tried == list(range(1, ATTEMPTS + 1))
    assert (whole(desk)["state"], whole(desk)["error"]) == ("failed", "ways 1: refused")


@pytest.mark.parametrize(
    ("mark", "state", "error"),
    [(None, "failed", "no dispatch took it up in time"), (IN_AIR, "unknown", "the answer never came")],
)
def test_what_nobody_has_answered_in_time_is_given_up(
    desk: Office, looks: Looks, marks: redis.Redis, mark: str | None, state: str, error: str
) -> None:
    promised(desk, 14.5)
    (page,) = looks()
    if mark is not None:
        answered(desk, marks, page, mark)
    desk.run("update warning set again_at = clock_timestamp(), expires_at = clock_timestamp()")

    assert looks() == []
    assert (whole(desk)["state"], whole(desk)["error"]) == (state, error)


def test_a_clock_that_has_just_looked_asks_nothing(desk: Office, marks: redis.Redis) -> None:
    promised(desk, 14.5)
    times = iter([0.0, 0.0, 0.5, 1.1, 1.1])
    pager = Pager(desk.planner, marks, COMMUNICATION, clock=lambda: next(times))
    pager.due()
    waited(desk)

    assert [len(pager.due()), len(pager.due())] == [0, 1]


def test_two_clocks_give_a_page_to_dispatch_once(desk: Office, marks: redis.Redis) -> None:
    promised(desk, 14.5)
    one, other = (Pager(desk.planner, marks, COMMUNICATION) for _ in range(2))
    one.find()
    other.find()

    assert [len(one.due()), len(other.due())] == [1, 0]


def test_a_page_that_reached_nobody_is_seen(desk: Office, looks: Looks, marks: redis.Redis) -> None:
    promised(desk, 14.5)
    for _ in range(ATTEMPTS + 1):
        for page in looks():
            answered(desk, marks, page, answer_said(Paged.FAILED, "way 0: failure"))
        looks()
        waited(desk)

    found = {row["gauge"]: row["value"] for row in desk.rows(SQL["watch"]) if "page" in row["gauge"]}

    assert whole(desk)["state"] == "failed"
    assert found == {"pages_in_vain": 1.0}
