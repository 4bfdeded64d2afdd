"""W10 on a real record: whoever was told of a merged incident hears how it ends, once, through the whole."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.planner.compose import Composer
from services.planner.snapshot import take
from tests.services.planner.desks import Office, an_incident
from tests.services.planner.failing import answered, consented, operated, places, sent

INC_1, INC_2 = 1, 2
MERGE = {"act": "merge", "about": "INC-2", "into": "INC-1"}


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    """Hanna uses card payments, kenji mail, owen both; mara answers for all."""
    with operated(database, composer) as here:
        here.run("insert into component (key, public_name) values ('mail', 'mail')")
        here.run(
            "update stake set account_id = null, component_id = (select id from component where key = 'mail')"
            " where subscriber_id = (select id from subscriber where key = 'kenji')"
        )
        here.run(
            "insert into stake (subscriber_id, role, component_id) select s.id, 'customer', c.id"
            " from subscriber s, component c where s.key = 'owen' and c.key = 'mail'"
        )
        yield here


def on_mail(**changes: Any) -> dict[str, Any]:
    return an_incident(components=["mail"], key="k2", **changes)


def two_told(desk: Office) -> None:
    """INC-1 on card payments, INC-2 on mail; everybody was told."""
    for event in (an_incident(), on_mail()):
        desk.settle(desk.says("dana", **event))


def read(desk: Office, occasion: str) -> dict[str, tuple[str, bool]]:
    """Of the newest notice of this occasion to customers: the letter of each, and whether they read what is said to
    whoever was told before."""
    rows = desk.rows(
        "select s.key, substr(b.outcomes, u.place::int, 1) as letter, c.told from notice n"
        " join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id"
        " join content c on c.id = b.content_id"
        " cross join unnest(b.ids) with ordinality as u (id, place) join subscriber s on s.id = u.id"
        " where n.id = (select id from notice where occasion = %s and side = 'outside' order by serial desc limit 1)",
        occasion,
    )
    assert len({row["key"] for row in rows}) == len(rows), "nobody is planned twice by one notice"
    return {row["key"]: (row["letter"], row["told"]) for row in rows}


def leaves(desk: Office, key: str) -> None:
    desk.run("delete from stake where subscriber_id = (select id from subscriber where key = %s)", key)


def of(desk: Office, outage: int) -> list[str]:
    rows = desk.rows("select occasion from notice where outage_id = %s and side = 'outside' order by serial", outage)
    return [row["occasion"] for row in rows]


def test_whoever_was_told_of_the_merged_one_reads_first_words_of_the_whole_and_then_its_end(desk: Office) -> None:
    two_told(desk)

    desk.settle(desk.says("dana", **MERGE))

    assert read(desk, "update") == {"hanna": ("a", True), "owen": ("a", True), "kenji": ("a", False)}
    desk.settle(desk.says("dana", about="INC-1", status="resolved"))
    assert read(desk, "resolved") == dict.fromkeys(("hanna", "owen", "kenji"), ("a", True))
    assert of(desk, INC_2) == []
    assert of(desk, INC_1) == ["first", "first", "update", "resolved"]


def test_whoever_was_told_of_the_merged_one_and_is_touched_by_nothing_any_more_hears_the_end(desk: Office) -> None:
    two_told(desk)
    leaves(desk, "kenji")

    desk.settle(desk.says("dana", **MERGE))
    desk.settle(desk.says("dana", about="INC-1", status="resolved"))

    assert read(desk, "update")["kenji"] == ("a", False)
    assert read(desk, "resolved")["kenji"] == ("a", True)


def test_whoever_was_told_of_neither_and_is_touched_by_neither_hears_nothing(desk: Office) -> None:
    leaves(desk, "hanna")
    two_told(desk)

    desk.settle(desk.says("dana", **MERGE))

    assert read(desk, "update").keys() == {"owen", "kenji"}


def test_what_was_told_of_the_merged_one_lets_the_whole_be_told_to_customers(desk: Office) -> None:
    desk.settle(desk.says("probe", **an_incident(source="probe")))
    assert of(desk, INC_1) == ["first"] and desk.notices()[-1]["state"] == "held"
    desk.settle(desk.says("dana", **on_mail()))

    desk.settle(desk.says("dana", **MERGE))

    assert {key: letter for key, (letter, _) in read(desk, "update").items()} == dict.fromkeys(
        ("hanna", "owen", "kenji"), "a"
    )


@pytest.mark.slow
def test_what_waits_of_the_merged_one_is_told_by_the_news_of_the_whole(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    desk.settle(desk.says("probe", source="probe", **on_mail()))
    held = desk.notices()[-1]
    assert (held["occasion"], held["state"]) == ("first", "held")

    desk.settle(desk.says("dana", **MERGE))

    ended = next(notice for notice in desk.notices() if notice["id"] == held["id"])
    assert (ended["state"], ended["ended"]) == ("drained", "superseded")
    assert read(desk, "update")["kenji"] == ("a", False)


@pytest.mark.slow
def test_the_news_waits_for_what_is_in_the_air_of_the_merged_one(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    merged = sent(desk, **on_mail())

    sent(desk, **MERGE)
    assert read(desk, "update") == {}
    answered(desk, INC_1, kenji="a", owen="a")

    assert merged == INC_2
    assert read(desk, "update") == {"hanna": (".", True), "owen": (".", True), "kenji": (".", False)}


@pytest.mark.slow
def test_the_end_stops_what_is_in_the_air_of_the_merged_one_and_reaches_whom_that_did_not(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    sent(desk, **on_mail())
    sent(desk, **MERGE)

    sent(desk, about="INC-1", status="resolved")
    assert [row["reason"] for row in desk.rows("select reason from stop")] == ["superseded"]
    answered(desk, INC_1, kenji="P", owen="P")
    answered(desk, INC_1)

    assert read(desk, "resolved") == {"hanna": ("a", True), "owen": ("a", True), "kenji": ("a", False)}


@pytest.mark.slow
def test_a_promise_of_the_merged_one_is_kept_by_the_whole(desk: Office) -> None:
    two_told(desk)

    desk.settle(desk.says("dana", **MERGE))

    rows = desk.rows(
        "select p.outage_id, p.state, count(*)::int as n from promise p join notice n on n.id = p.notice_id"
        " where n.occasion = 'first' group by 1, 2"
    )
    assert rows == [{"outage_id": INC_1, "state": "kept", "n": 4}]


@pytest.mark.slow
def test_whoever_slept_through_the_merged_one_is_woken_once(desk: Office) -> None:
    desk.run("update address set quiet_from = '00:00', quiet_to = '23:59'")
    desk.run(
        "update address set quiet_from = null where subscriber_id <> (select id from subscriber where key = 'kenji')"
    )
    desk.settle(desk.says("dana", **an_incident(severity="major")))
    desk.settle(desk.says("dana", **on_mail(severity="major")))
    slept = read(desk, "first")["kenji"][0]

    desk.settle(desk.says("dana", **MERGE))

    assert read(desk, "update")["kenji"][0] == slept != "a"
    children = desk.rows(
        "select n.outage_id, nc.state from notice n join notice_channel nc on nc.notice_id = n.id"
        " where n.occasion = 'wake' order by nc.state"
    )
    assert children == [{"outage_id": INC_1, "state": "drained"}, {"outage_id": INC_1, "state": "held"}]


def test_whoever_sleeps_through_the_merged_one_is_told_of_the_whole_though_nothing_touches_them_any_more(
    desk: Office,
) -> None:
    desk.run(
        "update address set quiet_from = '00:00', quiet_to = '23:59'"
        " where subscriber_id = (select id from subscriber where key = 'kenji')"
    )
    desk.settle(desk.says("dana", **an_incident()))
    desk.settle(desk.says("dana", **on_mail(severity="major")))
    leaves(desk, "kenji")

    desk.settle(desk.says("dana", **MERGE))  # into what is critical: nobody sleeps through that

    assert read(desk, "update")["kenji"] == ("a", False)


def test_whom_the_merged_one_failed_to_reach_is_tried_by_the_whole_alone(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    sent(desk, **on_mail())
    consented(desk, "kenji")
    sent(desk, **MERGE)

    answered(desk, INC_1, kenji="R")

    assert "failover" not in of(desk, INC_1)
    assert places(desk, "first", "webhook") == {"kenji": "."}, "by a way that joined with the news"


@pytest.mark.slow
def test_the_withdrawal_of_the_whole_reaches_whoever_was_told_of_the_merged_one_only(desk: Office) -> None:
    two_told(desk)
    leaves(desk, "kenji")
    desk.run("insert into pause (reason, author, at) values ('a test', 'olga', forewarn_now())")
    desk.says("dana", **MERGE)
    desk.run("update pause set lifted_at = forewarn_now()")

    desk.settle(desk.says("dana", act="withdraw", about="INC-1"))

    assert read(desk, "update") == {}
    assert {key for key, (letter, _) in read(desk, "withdrawn").items() if letter == "a"} == {"hanna", "owen", "kenji"}


@pytest.mark.slow
def test_a_correction_of_the_merged_one_that_waits_is_told_to_those_alone_who_were_told_of_it(desk: Office) -> None:
    two_told(desk)
    desk.run("insert into pause (reason, author, at) values ('a test', 'olga', forewarn_now())")
    desk.says("dana", act="correct", about="INC-2", cause="A lost key.")
    desk.says("dana", **MERGE)
    desk.run("update pause set lifted_at = forewarn_now()")

    desk.settle(INC_1)

    assert read(desk, "correction").keys() == {"kenji", "owen"}


@pytest.mark.slow
def test_what_was_merged_into_the_merged_one_goes_with_it(desk: Office) -> None:
    two_told(desk)
    desk.settle(desk.says("dana", **MERGE))
    desk.settle(desk.says("dana", **an_incident(key="k3")))

    desk.settle(desk.says("dana", act="merge", about="INC-1", into="INC-3"))
    desk.settle(desk.says("dana", about="INC-3", status="resolved"))

    assert read(desk, "resolved") == dict.fromkeys(("hanna", "owen", "kenji"), ("a", True))
    assert of(desk, INC_1) == of(desk, INC_2) == []
    assert [desk.get(f"/v1/outages/INC-{n}")["merged_into"] for n in (1, 2, 3)] == ["INC-3", "INC-3", None]


@pytest.mark.slow
def test_nothing_is_ever_told_by_the_merged_one_again(desk: Office) -> None:
    two_told(desk)
    desk.settle(desk.says("dana", **MERGE))
    before = desk.told()

    desk.settle(INC_2)

    assert desk.told() == before


@pytest.mark.slow
def test_the_desk_says_of_what_it_is_part_and_what_it_took_in(desk: Office) -> None:
    two_told(desk)
    desk.settle(desk.says("dana", **MERGE))

    merged, whole = desk.get("/v1/outages/INC-2"), desk.get("/v1/outages/INC-1")

    assert (merged["status"], merged["merged_into"], merged["open"]) == ("merged", "INC-1", False)
    assert (merged["timeline"][-1]["what"], merged["timeline"][-1]["told"]) == ("merged into INC-1", False)
    assert whole["timeline"][-1]["what"].startswith("took in INC-2; components: ")
    logs = [desk.get(f"/v1/outages/INC-{n}/log")[-1] for n in (1, 2)]
    assert [(entry["act"], entry["author"], entry["revision"]) for entry in logs] == [("merge", "dana", 2)] * 2
    assert logs[1]["what"] == "merged into INC-1"


@pytest.mark.slow
def test_a_preview_of_a_merge_counts_who_would_be_told(desk: Office) -> None:
    two_told(desk)
    before = desk.everything()

    view = desk.post("/v1/preview", MERGE)

    assert desk.everything() == before
    assert (view["outage"], view["revision"], view["verdict"], view["people"]) == ("INC-2", 1, "revised", 4)
    told = {(n["side"], n["occasion"]): n["people"] for n in view["notices"]}
    desk.settle(desk.says("dana", **MERGE))
    assert told == {("inside", "update"): 1, ("outside", "update"): len(read(desk, "update"))}


def test_what_is_split_off_is_told_in_first_words_to_whom_it_touches_and_the_rest_is_not_told_again(
    desk: Office,
) -> None:
    desk.settle(desk.says("dana", **an_incident(components=["card-payments", "mail"])))

    desk.settle(desk.says("dana", act="split", about="INC-1", components=["mail"]))

    assert read(desk, "first") == {"kenji": ("a", False), "owen": ("a", False)}
    assert [(o, n) for o, _, n in desk.told()] == [("first", 3), ("first", 2)]
    rest, own = desk.get("/v1/outages/INC-1"), desk.get("/v1/outages/INC-2")
    assert (rest["components"], own["components"]) == (["card-payments"], ["mail"])
    assert own["timeline"][0]["what"].endswith("split off from INC-1")
    assert rest["timeline"][-1]["what"].startswith("split: INC-2 left")
    assert desk.get("/v1/outages/INC-1/log")[-1]["act"] == "split"


@pytest.mark.slow
def test_of_a_split_both_ends_reach_whoever_was_told_before_it(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident(components=["card-payments", "mail"])))
    desk.settle(desk.says("dana", act="split", about="INC-1", components=["mail"]))

    desk.settle(desk.says("dana", about="INC-2", status="resolved"))
    assert read(desk, "resolved").keys() == {"kenji", "owen"}
    desk.settle(desk.says("dana", about="INC-1", status="resolved"))

    assert read(desk, "resolved").keys() == {"hanna", "kenji", "owen"}


def delivered(desk: Office, name: str, to: str = "") -> list[tuple[str, str]]:
    rows = desk.get(f"/v1/outages/{name}/deliveries{to}")
    return [(row["occasion"], row["subscriber"]) for row in rows if row["side"] == "outside"]


def test_what_was_sent_of_the_merged_one_is_shown_by_its_name_and_by_the_whole_s(desk: Office) -> None:
    two_told(desk)
    before = delivered(desk, "INC-2")

    desk.settle(desk.says("dana", **MERGE))

    assert before == delivered(desk, "INC-2") == [("first", "kenji"), ("first", "owen")]
    assert delivered(desk, "INC-2", "?to=kenji") == [("first", "kenji")]
    whole = delivered(desk, "INC-1")
    assert whole[:4] == [("first", "hanna"), ("first", "owen"), *before]
    assert {occasion for occasion, _ in whole[4:]} == {"update"}


PAUSE = {"incident": "INC-2", "reason": "a wrong word"}


def pauses(desk: Office, path: str = "/v1/status") -> list[tuple[str | None, str | None, str]]:
    return [(each["channel"], each["incident"], each["reason"]) for each in desk.get(path)["paused"]]


def test_what_was_paused_does_not_leave_by_a_merge_and_the_whole_shows_its_pause(desk: Office) -> None:
    two_told(desk)
    desk.post("/v1/sending/pause", PAUSE)

    desk.settle(desk.says("dana", **MERGE))

    assert read(desk, "update") == {}
    assert pauses(desk) == pauses(desk, "/v1/outages/INC-1") == [(None, "INC-1", "a wrong word (it was of INC-2)")]
    desk.post("/v1/sending/resume", {"incident": "INC-1", "reason": "mended"})
    desk.settle(INC_1)
    assert read(desk, "update").keys() == {"hanna", "owen", "kenji"}


@pytest.mark.slow
def test_a_pause_of_a_merged_one_without_any_notice_is_the_whole_s_too(desk: Office) -> None:
    for event in (an_incident(), on_mail()):
        desk.says("dana", **event)
    desk.run("truncate notice cascade")
    desk.post("/v1/sending/pause", PAUSE)

    desk.settle(desk.says("dana", **MERGE))

    assert desk.told() == []
    assert pauses(desk) == [(None, "INC-1", "a wrong word (it was of INC-2)")]


@pytest.mark.slow
def test_of_what_both_are_paused_the_whole_is_paused_once(desk: Office) -> None:
    two_told(desk)
    for ask in (PAUSE, PAUSE | {"channel": "email"}, PAUSE | {"incident": "INC-1"}):
        desk.post("/v1/sending/pause", ask)

    desk.settle(desk.says("dana", **MERGE))

    assert pauses(desk) == [
        ("email", "INC-1", "a wrong word (it was of INC-2)"),
        (None, "INC-1", "a wrong word"),
    ]
    assert desk.rows("select lifted_by from pause where lifted_at is not null") == [{"lifted_by": "forewarn"}]


def test_whoever_pauses_what_was_merged_pauses_the_whole(desk: Office) -> None:
    two_told(desk)
    desk.settle(desk.says("dana", **MERGE))

    desk.post("/v1/sending/pause", PAUSE)

    assert pauses(desk) == [(None, "INC-1", "a wrong word")]
    status, refused = desk.ask("POST", "/v1/sending/resume", PAUSE)
    assert (status, refused["reason"]) == (404, "INC-2 is not paused; paused: INC-1; resume exactly one of these")


def test_a_pause_of_the_whole_holds_what_was_published_of_the_merged_one(desk: Office) -> None:
    two_told(desk)
    desk.settle(desk.says("dana", **MERGE))

    desk.post("/v1/sending/pause", PAUSE | {"channel": "email"})

    with desk.planner.begin() as connection:
        assert take(connection, whole=False).paused == {"channel:email outage:INC-1", "channel:email outage:INC-2"}


def test_whoever_is_about_to_merge_reads_that_the_whole_will_be_paused(desk: Office) -> None:
    two_told(desk)
    desk.post("/v1/sending/pause", PAUSE)

    preview = desk.post("/v1/preview", MERGE)

    assert [notice["when"] for notice in preview["notices"]] == ["when sending is resumed"] * len(preview["notices"])
