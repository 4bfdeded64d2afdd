"""What programs read: the published shape, what a mail says and no more, slots that stay slots."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from forewarn.content import Words, values_for
from forewarn.contracts.webhook import WebhookPayload
from forewarn.notice import Channel
from forewarn.outage import Facts, ReaderAction, Severity, Status
from forewarn.subscriber import VOICES, Side, Voice
from services.planner.payload import words_of
from services.planner.telling import Telling
from tests.services.planner.tellings import (
    CARDS,
    COMPOSER,
    OPENED,
    a_correction,
    a_telling,
    a_withdrawal,
    an_update,
    every_occasion,
    inside,
    the_end,
)
from tests.services.planner.works import (
    a_cancellation,
    a_finish,
    a_release,
    a_work,
    every_release,
    every_work,
    no_work,
    under_way,
)

MACHINE = Facts(severity=Severity.CRITICAL, symptoms="5xx on /charge", cause="pod-7 evicted", communicator="oncall@db")


def read(telling: Telling, voice: Voice = Voice.CUSTOMER, told: bool = True) -> dict[str, Any]:
    """The call as the reader in zone 7 gets it, filled as dispatch fills it."""
    content = COMPOSER.compose(telling, voice, "en", told, {7: "Europe/Berlin"}, Channel.WEBHOOK)
    values = values_for(content, 7, {"accounts": 'Initech "East", Hooli'})
    escaped = {name: orjson.dumps(value).decode()[1:-1] for name, value in values.items()}
    found: dict[str, Any] = orjson.loads(Words(content.payload).fill(escaped))
    assert (content.subject, content.text, content.html) == ("", "", "")
    return found


def test_a_first_says_what_a_mail_says_as_facts_and_as_text() -> None:
    got = read(a_telling(notice="00c0ffee00c0ffee"), told=False)

    assert got["data"].pop("text").splitlines()[:3] == [
        "Some of you cannot pay by card right now.",
        "",
        "We noticed at 14:02 CET (UTC+1) and are looking into it. We are sorry for the trouble.",
    ]
    assert got == {
        "type": "notice.first",
        "timestamp": "2026-11-24T13:02:12Z",
        "data": {
            "notice": "00c0ffee00c0ffee",
            "outage": "INC-7",
            "kind": "incident",
            "occasion": "first",
            "status": "investigating",
            "test": False,
            "components": [{"name": "card payments", "impact": "down"}],
            "started_at": "2026-11-24T13:02:10Z",
            "next_update_at": "2026-11-24T13:32:10Z",
            "language": "en",
            "subject": "Acme Proactive Notification: card payments",
        },
    }


@pytest.mark.parametrize("telling", every_occasion(observed=MACHINE), ids=lambda telling: telling.occasion)
@pytest.mark.parametrize("told", [True, False])
def test_customers_read_nothing_that_is_for_colleagues(telling: Telling, told: bool) -> None:
    said = orjson.dumps(read(telling, told=told)).decode()

    for secret in ("card-api", "payments-db", "/charge", "pod-7", "oncall", "critical", "severity", "forewarn"):
        assert secret not in said


@pytest.mark.parametrize("telling", every_occasion(), ids=lambda telling: telling.occasion)
@pytest.mark.parametrize("side", [*Side])
def test_every_payload_is_of_the_published_shape_and_without_a_mails_footer(telling: Telling, side: Side) -> None:
    for voice in VOICES[side]:
        for told in (True, False):
            got = read(inside(telling) if side is Side.INSIDE else telling, voice, told)

            WebhookPayload.model_validate(got)
            assert got["type"] == f"notice.{got['data']['occasion']}"
            assert "mail" not in got["data"]["text"] and got["data"]["text"].strip()


def test_colleagues_read_keys_severity_and_their_own_accounts() -> None:
    got = read(inside(an_update(observed=MACHINE)), Voice.ACCOUNT_TEAM)["data"]

    assert got["severity"] == "critical"
    assert [part["name"] for part in got["components"]] == ["payments-db", "card-api"]
    assert 'Your accounts that this touches: Initech "East", Hooli' in got["text"]


def test_whoever_was_told_nothing_yet_reads_a_first() -> None:
    assert read(an_update(), told=False)["type"] == "notice.first"
    assert read(an_update(), told=True)["type"] == "notice.update"


def test_an_end_says_when_it_was_over_and_promises_nothing() -> None:
    got = read(the_end(stated=Facts(status=Status.RESOLVED, expected_end=OPENED.replace(year=2027))))["data"]

    assert (got["status"], got["resolved_at"]) == ("resolved", "2026-11-24T14:10:10Z")
    assert not {"next_update_at", "expected_end"} & got.keys()


@pytest.mark.parametrize("side", [*Side])
@pytest.mark.parametrize("telling", [the_end(), a_correction(closed_at=OPENED + timedelta(hours=1))])
def test_the_last_word_leaves_no_status_board_red(telling: Telling, side: Side) -> None:
    voice = VOICES[side][0]

    got = read(inside(telling) if side is Side.INSIDE else telling, voice)["data"]

    assert (got["status"], got["components"]) == ("resolved", [])
    assert got["started_at"] < got["resolved_at"]


def test_what_never_was_names_no_component_no_beginning_and_no_end() -> None:
    got = read(a_withdrawal())

    assert (got["type"], got["data"]["status"], got["data"]["components"]) == ("notice.withdrawn", "withdrawn", [])
    assert not {"started_at", "resolved_at"} & got["data"].keys()


def test_a_notice_taken_back_while_the_outage_lasts_still_says_what_is_wrong() -> None:
    got = read(a_withdrawal(withdrawn=False, closed_at=None))["data"]

    assert got["components"] == [{"name": "card payments", "impact": "down"}]
    assert got["started_at"] == "2026-11-24T13:02:10Z"


def test_lines_are_not_broken_for_a_mails_width() -> None:
    cause = "A certificate expired on a host that " + "renews it every ninety days, " * 5

    text = read(an_update(stated=Facts(status=Status.IDENTIFIED, cause=cause)))["data"]["text"]

    assert f"Cause: {cause.strip()}\n" in text


def test_what_people_state_cannot_break_the_json() -> None:
    nasty = Facts(note='"}, {"\\', symptoms='Say "no" \\ \n\ue000t0\ue001', reader_action=ReaderAction('Do "it"'))

    got = read(an_update(stated=nasty))["data"]

    assert '"}, {"\\' in got["text"] and 'Say "no" \\' in got["text"]


def test_two_components_of_one_name_are_one_with_the_worst_impact() -> None:
    twin = replace(CARDS, key="payments-db")

    got = read(a_telling(names={"card-api": CARDS, "payments-db": twin}))["data"]

    assert got["components"] == [{"name": "card payments", "impact": "down"}]


def test_people_are_shown_the_words_of_any_channel() -> None:
    mail = COMPOSER.compose(a_correction(), Voice.CUSTOMER, "en", True, {7: "UTC"})
    call = COMPOSER.compose(a_correction(), Voice.CUSTOMER, "en", True, {7: "UTC"}, Channel.WEBHOOK)

    (title, _), (other, text) = words_of(mail), words_of(call)

    assert title == other and text.startswith("We have to correct")


def test_planned_work_is_told_as_facts_with_its_window() -> None:
    got = read(a_work(tentative=True, short_notice=True), told=False)

    assert got["type"] == "notice.reminder"
    assert {name: got["data"][name] for name in ("kind", "status", "window", "expected_end", "tentative")} == {
        "kind": "maintenance",
        "status": "scheduled",
        "window": {"start": "2026-12-14T20:00:00Z", "end": "2026-12-14T22:00:00Z"},
        "expected_end": "2026-12-14T22:00:00Z",
        "tentative": True,
    }
    assert got["data"]["short_notice"] is True
    assert not {"started_at", "resolved_at", "next_update_at"} & got["data"].keys()


def test_a_status_board_is_not_red_for_work_that_is_to_come() -> None:
    ahead, going, over = (read(telling)["data"] for telling in (a_work(), under_way(), a_finish()))

    assert (ahead["components"], ahead["expected"]) == ([], [{"name": "card payments", "impact": "down"}])
    assert going["components"] == going["expected"] == ahead["expected"]
    assert (over["components"], over["status"]) == ([], "completed")
    assert over["resolved_at"] == "2026-12-14T21:45:00Z" and "expected" not in over


@pytest.mark.parametrize("telling", [a_cancellation(), no_work()])
def test_what_never_took_place_has_no_end(telling: Telling) -> None:
    got = read(telling)["data"]

    assert not {"resolved_at", "expected_end", "expected", "started_at"} & got.keys()
    assert got["status"] in ("cancelled", "withdrawn")


@pytest.mark.parametrize("telling", [*every_work(), *every_release()], ids=lambda telling: telling.occasion)
@pytest.mark.parametrize("side", [*Side])
def test_every_payload_of_what_is_planned_is_of_the_published_shape(telling: Telling, side: Side) -> None:
    for voice in VOICES[side]:
        for told in (True, False):
            got = read(inside(telling) if side is Side.INSIDE else telling, voice, told)

            WebhookPayload.model_validate(got)
            assert got["data"]["kind"] == telling.kind
            assert got["data"]["text"].strip()


def test_a_release_is_told_with_its_version() -> None:
    got = read(a_release(), told=False)

    assert (got["type"], got["data"]["kind"], got["data"]["status"]) == ("notice.first", "announcement", "announced")
    assert (got["data"]["version"], got["data"]["components"]) == ("4.2", [])
    assert not {"started_at", "resolved_at", "window"} & got["data"].keys()
