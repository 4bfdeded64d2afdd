"""A failed event is carried out once its cause is mended."""

from tests.services.ingest.telling import a_machine_s, fence, tell
from tests.support.home import Home, an_event, until


def test_a_failed_event_is_carried_out_once_its_cause_is_mended(home: Home) -> None:
    _, answer = home.post(an_event(event_id="cards-1"))
    reason = home.done(answer["event_id"])["reason"]
    home.import_demo()

    replies = [home.request("POST", "/v1/failed/people/cards-1/replay") for _ in range(2)]
    home.done("people/cards-1")
    fence(home)
    home.accounted()

    assert "card-payments" in reason
    assert replies == [(202, {"event_id": "people/cards-1"})] * 2
    assert home.done("people/cards-1")["outage"] == "INC-1"
    assert home.desk("/v1/failed") == []
    assert home.rows("select number, by_person from outage where kind = 'incident' and source = 'people'") == [
        {"number": 1, "by_person": True}
    ]
    assert len(home.mails("hanna.vogel@nordwind.example")) == 1


def test_a_replay_that_fails_again_stays_listed_and_is_counted(home: Home) -> None:
    _, answer = home.post(an_event(event_id="cards-1"))
    home.done(answer["event_id"])

    home.request("POST", "/v1/failed/people/cards-1/replay")

    until(lambda: home.rows("select from failed where tries = 2"), what="the second try")
    assert [row["id"] for row in home.desk("/v1/failed")] == ["people/cards-1"]


def test_a_machine_s_failed_event_is_a_machine_s_when_replayed(home: Home) -> None:
    tell(home, a_machine_s(about="INC-1"), message_id="7")

    home.request("POST", "/v1/failed/amqp/7/replay")

    (kept,) = until(lambda: home.rows("select role, author, tries from failed where tries = 2"), what="the second try")
    assert (kept["role"], kept["author"]) == ("machine", None)


def test_only_an_operator_replays(home: Home) -> None:
    assert [home.request("POST", "/v1/failed/7/replay", token=token)[0] for token in ("dana", "monitoring")] == [
        403
    ] * 2
    assert home.request("POST", "/v1/failed/7/replay", token="oleg")[0] == 404
