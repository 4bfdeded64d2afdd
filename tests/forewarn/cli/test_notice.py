"""Cancelling a notice."""

import pytest

from .conftest import Run, Types
from .house import House
from .views import NOON, NOTICE, a_notice, a_preview, a_row, a_sum, a_work, an_outage

CANCEL = f"POST /v1/notices/{NOTICE}/cancel"
VERB = ("notice", "cancel", NOTICE, "--reason", "Wrong link.")


@pytest.fixture
def desk(house: House) -> House:
    released = a_notice(state="released", sum=a_sum(12_000, 3_000))
    house.says("GET /v1/outages", [a_row(name="INC-8", open=False, closed_at=NOON), a_row()])
    house.says("GET /v1/outages/INC-7", an_outage(notices=[a_notice(id="0" * 16), released]))
    house.says(CANCEL, a_notice(state="released", reason="cancelled", sum=a_sum(12_000, 3_000)))
    return house


def test_it_is_asked_with_the_number_of_those_not_told_yet(desk: House, run: Run, types: Types) -> None:
    types("y\n")

    ran = run(*VERB)

    assert "Stop telling the 9,000 people not told yet? [y/N]" in ran.err
    assert desk.asked(CANCEL)[0].json == {"reason": "Wrong link."}
    assert ran.out.split("cancelled: ")[1] == "3,000 people had been told, nobody more is.\n"


def test_of_several_channels_deliveries_are_counted_and_not_people(desk: House, run: Run, types: Types) -> None:
    mail, call = a_notice(state="released", sum=a_sum(12, 3)), a_notice(channel="webhook", sum=a_sum(4, 1))
    desk.says("GET /v1/outages/INC-7", an_outage(notices=[mail, call]))
    desk.says(CANCEL, mail.model_dump(mode="json") | {"also": [call.model_dump(mode="json")]})
    types("y\n")

    ran = run(*VERB)

    assert "Stop what was not delivered yet: 9 by email, 3 by webhook? [y/N]" in ran.err
    assert "email and webhook) is cancelled: 3 people by email and 1 person by webhook had been told" in ran.out


@pytest.mark.parametrize("answer", ["", "\n", "n\n"])
def test_a_notice_goes_on_unless_the_answer_is_yes(desk: House, run: Run, types: Types, answer: str) -> None:
    types(answer)

    assert (run(*VERB).code, desk.asked(CANCEL)) == (1, [])


def test_of_what_has_not_left_the_audience_it_stands_to_tell_is_named(desk: House, run: Run, types: Types) -> None:
    desk.says("GET /v1/outages/INC-7", an_outage(notices=[a_notice(state="held", reason="after", sum=a_sum(0, 0))]))
    desk.says("GET /v1/outages/INC-7/preview", a_preview())
    types("")

    assert "Stop telling the 812,410 people not told yet?" in run(*VERB).err


def test_a_notice_of_planned_work_is_counted_too(desk: House, run: Run, types: Types) -> None:
    desk.says("GET /v1/outages?kind=incident", [])
    desk.says("GET /v1/outages", [a_row(name="MNT-3", kind="maintenance")])
    desk.says("GET /v1/outages/MNT-3", a_work(notices=[a_notice(state="released", sum=a_sum(12_000, 3_000))]))
    types("")

    assert "Stop telling the 9,000 people not told yet?" in run(*VERB).err


def test_a_notice_can_be_cancelled_uncounted(desk: House, run: Run, types: Types) -> None:
    desk.says("GET /v1/outages", (503, {"reason": "starting"}))
    types("y\n")

    ran = run(*VERB)

    assert "Stop telling an unknown number of people not told yet?" in ran.err
    assert (ran.code, len(desk.asked(CANCEL))) == (0, 1)


def test_a_notice_that_has_ended_is_too_late_to_cancel(desk: House, run: Run) -> None:
    desk.says(CANCEL, (409, {"reason": "it has nobody left to tell"}))

    ran = run(*VERB, "--yes")

    assert (ran.code, "too late: it has nobody left to tell" in ran.err) == (1, True)


def test_without_a_terminal_it_takes_a_yes(desk: House, run: Run) -> None:
    refused = run(*VERB)
    heard_before = list(desk.heard)
    cancelled = run(*VERB, "--yes", "--json")

    assert (refused.code, "--yes" in refused.err, heard_before) == (2, True, [])
    assert (cancelled.json["reason"], cancelled.err) == ("cancelled", "")


def test_what_is_no_notices_id_is_wrong_usage(house: House, run: Run) -> None:
    assert (run("notice", "cancel", "INC-7", "--reason", "x", "--yes").code, house.heard) == (2, [])
