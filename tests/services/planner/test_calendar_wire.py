"""An entry goes all the way from the planner's words into the message that dispatch sends from; without one, none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from forewarn.content import Calendar, Content
from forewarn.contracts.messages import Batch
from forewarn.ics import State
from forewarn.notice import Channel
from forewarn.subscriber import Voice
from services.planner.compose import Composed, Composer
from services.planner.release import _body
from services.planner.telling import Telling
from services.planner.windows import FrozenWindows
from tests.services.planner.desks import Office, office
from tests.support.batches import a_batch
from tests.support.planned import an_entry

OUTAGE = {"kind": "incident", "status": "investigating", "components": ["card-payments"]}
PLAIN = Content("s", "t", "<p>t</p>", {1: ("14:02",)})
CALENDAR = an_entry(State.TENTATIVE)


class WithEntries(Composer):
    """Gives every mail an entry."""

    def composed(
        self,
        telling: Telling,
        voice: Voice,
        locale: str,
        told: bool,
        zones: Mapping[int, str],
        channel: Channel = Channel.EMAIL,
    ) -> Composed:
        words = super().composed(telling, voice, locale, told, zones, channel)
        return replace(words, content=replace(words.content, calendar=CALENDAR))


def bodies(desk: Office) -> list[str]:
    """What is published of an outage that is told now."""
    desk.plans.plan(desk.says("dana", **OUTAGE))
    windows = FrozenWindows(desk.planner, desk.policy, timedelta(minutes=10))
    frozen = [windows.freeze(row["id"]) for row in desk.rows("select id from notice_window order by id")]
    return [body.json for each in frozen if each is not None for body in each.bodies]


def test_a_batch_carries_the_entry_of_its_variant_once(database: str) -> None:
    with office(database, WithEntries()) as desk:
        found = bodies(desk)

    assert found
    for body in found:
        assert Batch.model_validate_json(body).content.calendar == CALENDAR
        assert body.count("BEGIN:VEVENT") == 1


def test_a_batch_without_one_says_nothing_of_it(desk: Office) -> None:
    found = bodies(desk)

    assert found
    assert [body for body in found if "calendar" in body.lower()] == []
    assert {Batch.model_validate_json(body).content.calendar for body in found} == {None}


@pytest.mark.parametrize("calendar", [CALENDAR, None])
def test_words_come_back_from_the_record_as_they_were(calendar: Calendar | None) -> None:
    content = Content("s", "t", "<p>t</p>", {1: ("14:02",)}, "", calendar)

    batch = a_batch(1).model_dump(mode="json") | {"content": orjson.loads(_body(content))}

    assert Batch.model_validate(batch).content == content


def test_a_message_of_before_and_one_of_after_are_read() -> None:
    older: dict[str, Any] = a_batch(1, content=PLAIN).model_dump(mode="json")
    del older["content"]["calendar"]
    newer = older | {"content": older["content"] | {"calendar": {"method": "PUBLISH", "text": "x", "colour": "red"}}}

    assert Batch.model_validate_json(orjson.dumps(older)).content == PLAIN
    assert Batch.model_validate_json(orjson.dumps(newer)).content.calendar == Calendar("PUBLISH", "x")
