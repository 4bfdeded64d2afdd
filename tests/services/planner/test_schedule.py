"""Laws of the schedule: which notices the unseen revisions bring about."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from forewarn.notice import Channel, Occasion
from forewarn.outage import Act, Facts, Kind, Outage, Status
from forewarn.subscriber import Side
from services.planner.schedule import Planned, Promised, Revision, Wanted, wanted

INSIDE, OUTSIDE = Side.INSIDE, Side.OUTSIDE
FIRST, UPDATE, RESOLVED = Occasion.FIRST, Occasion.UPDATE, Occasion.RESOLVED
HOLDING, CORRECTION, WITHDRAWN, WAKE = Occasion.HOLDING, Occasion.CORRECTION, Occasion.WITHDRAWN, Occasion.WAKE


def an_outage(revision: int = 1, status: Status = Status.INVESTIGATING, kind: Kind = Kind.INCIDENT) -> Outage:
    opened = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)
    return Outage(kind, "people", opened, Facts(), Facts(status=status), revision=revision)


def both(occasion: Occasion, slot: str) -> tuple[Wanted, ...]:
    return Wanted(INSIDE, occasion, slot), Wanted(OUTSIDE, occasion, slot)


def waiting(occasion: Occasion, slot: str = "1") -> list[Planned]:
    """Planned and not yet released, on both sides."""
    return [Planned(side, occasion, slot, released=False, waiting=True) for side in (INSIDE, OUTSIDE)]


def planned(*occasions: Occasion, sides: tuple[Side, ...] = (INSIDE, OUTSIDE)) -> list[Planned]:
    return [Planned(side, occasion, str(n)) for n, occasion in enumerate(occasions, 1) for side in sides]


def test_a_new_incident_is_told_first_to_the_inside_then_to_the_outside() -> None:
    assert wanted(an_outage(1), [], [Revision(1, True)], True) == both(FIRST, "1")


def test_the_outside_hears_nothing_while_no_known_component_is_touched() -> None:
    assert wanted(an_outage(1), [], [Revision(1, True)], False) == (Wanted(INSIDE, FIRST, "1"),)


def test_the_outside_hears_its_first_when_a_known_component_is_touched_later() -> None:
    before = planned(FIRST, sides=(INSIDE,))

    found = wanted(an_outage(2), before, [Revision(2, True)], True)

    assert found == (Wanted(INSIDE, UPDATE, "2"), Wanted(OUTSIDE, FIRST, "2"))


def test_news_is_an_update() -> None:
    assert wanted(an_outage(2), planned(FIRST), [Revision(2, True)], True) == both(UPDATE, "2")


def test_what_is_no_news_brings_nothing_about() -> None:
    assert wanted(an_outage(2), planned(FIRST), [Revision(2, False)], True) == ()


def test_a_plan_that_has_seen_all_wants_nothing() -> None:
    assert wanted(an_outage(2), planned(FIRST), [], True) == ()


def test_several_unseen_revisions_bring_one_notice_about_for_each_side() -> None:
    unseen = [Revision(2, True), Revision(3, True), Revision(4, False)]

    assert wanted(an_outage(4), planned(FIRST), unseen, True) == both(UPDATE, "3")


def test_the_end_is_told_as_resolved() -> None:
    over = an_outage(2, Status.RESOLVED)

    assert wanted(over, planned(FIRST), [Revision(2, True)], True) == both(RESOLVED, "2")


def test_a_word_after_the_end_is_an_update() -> None:
    over = an_outage(3, Status.RESOLVED)

    assert wanted(over, planned(FIRST, RESOLVED), [Revision(3, True)], True) == both(UPDATE, "3")


def test_what_opens_again_is_an_update_and_its_end_is_resolved_again() -> None:
    before = planned(FIRST, RESOLVED)

    again = wanted(an_outage(3), before, [Revision(3, True)], True)
    over = wanted(an_outage(4, Status.RESOLVED), planned(FIRST, RESOLVED, UPDATE), [Revision(4, True)], True)

    assert again == both(UPDATE, "3")
    assert over == both(RESOLVED, "4")


def test_what_was_over_before_anybody_was_told_is_told_once_as_over() -> None:
    assert wanted(an_outage(2, Status.RESOLVED), [], [Revision(1, True), Revision(2, True)], True) == both(
        RESOLVED, "2"
    )


def test_planned_work_has_a_schedule_of_its_own() -> None:
    assert wanted(replace(an_outage(), kind=Kind.MAINTENANCE), [], [Revision(1, True)], True) == ()


def test_an_announcement_is_told_once_and_again_when_it_says_something_else() -> None:
    release = replace(an_outage(), kind=Kind.ANNOUNCEMENT)

    assert wanted(release, [], [Revision(1, True)], True) == both(FIRST, "1")
    assert wanted(release, planned(FIRST), [], True) == ()
    assert wanted(release, planned(FIRST), [Revision(2, True)], True) == both(UPDATE, "2")


def test_a_slot_is_the_revision_that_brought_it_about_so_that_late_plans_find_the_same_notice() -> None:
    unseen = [Revision(2, True)]

    first, late = wanted(an_outage(2), planned(FIRST), unseen, True), wanted(an_outage(3), planned(FIRST), unseen, True)

    assert first == late


def test_whoever_was_told_hears_more_though_nothing_known_is_touched_any_more() -> None:
    assert wanted(an_outage(2), planned(FIRST), [Revision(2, True)], False) == both(UPDATE, "2")


def test_a_correction_goes_to_the_told_and_a_first_to_whoever_is_left() -> None:
    unseen = [Revision(2, True, Act.CORRECT)]

    found = wanted(an_outage(2), planned(FIRST), unseen, True)

    assert found == (
        Wanted(INSIDE, CORRECTION, "2"), Wanted(INSIDE, FIRST, "2"),
        Wanted(OUTSIDE, CORRECTION, "2"), Wanted(OUTSIDE, FIRST, "2"),
    )  # fmt: skip


def test_a_correction_of_what_nobody_has_heard_is_plain_news() -> None:
    assert wanted(an_outage(2), waiting(FIRST), [Revision(2, True, Act.CORRECT)], True) == both(FIRST, "2")


def test_news_before_anybody_heard_is_a_first_in_turn() -> None:
    assert wanted(an_outage(2), waiting(FIRST), [Revision(2, True)], True) == both(FIRST, "2")


def test_a_correction_after_the_end_goes_to_the_told_only() -> None:
    over = an_outage(3, Status.RESOLVED)

    assert wanted(over, planned(FIRST, RESOLVED), [Revision(3, True, Act.CORRECT)], True) == both(CORRECTION, "3")


def test_a_correction_names_what_it_takes_back() -> None:
    unseen = [Revision(2, True, Act.CORRECT, ("a",)), Revision(3, True, Act.CORRECT, ("b", "a"))]

    inside, _, outside, _ = wanted(an_outage(3), planned(FIRST), unseen, True)

    assert outside == Wanted(OUTSIDE, CORRECTION, "3", ("a", "b"))
    assert inside.names == (), "colleagues answer for it, whoever was named"


def test_one_that_names_nothing_takes_everything_back() -> None:
    unseen = [Revision(2, True, Act.CORRECT, ("a",)), Revision(3, True, Act.CORRECT)]

    assert {notice.names for notice in wanted(an_outage(3), planned(FIRST), unseen, True)} == {()}


def in_the_air(occasion: Occasion) -> list[Planned]:
    return [Planned(side, occasion, "1", in_the_air=True) for side in (INSIDE, OUTSIDE)]


def test_whoever_a_correction_after_the_end_leaves_untold_is_told_the_end() -> None:
    over = an_outage(2, Status.RESOLVED)

    found = wanted(over, in_the_air(RESOLVED), [Revision(2, True, Act.CORRECT)], True)

    assert [notice.occasion for notice in found] == [CORRECTION, FIRST, CORRECTION, FIRST]


def test_where_a_named_notice_is_stopped_in_the_air_all_hear_what_stands() -> None:
    found = wanted(an_outage(2), in_the_air(UPDATE), [Revision(2, True, Act.CORRECT, ("a",))], True)

    assert [notice.occasion for notice in found] == [CORRECTION, UPDATE, CORRECTION, UPDATE]


def test_a_release_tells_whom_a_dismissal_kept_it_from_though_the_first_of_it_was_replaced() -> None:
    replaced = [Planned(OUTSIDE, FIRST, "1", released=False)]

    assert wanted(an_outage(3), replaced, [Revision(3, False, Act.RELEASE)], True)[-1] == Wanted(OUTSIDE, FIRST, "3")
    assert wanted(an_outage(3), [*planned(FIRST, sides=(INSIDE,)), *replaced], [], True) == ()


def test_a_withdrawn_outage_is_told_as_withdrawn_to_whoever_heard_and_as_nothing_else() -> None:
    gone = replace(an_outage(3), withdrawn=True)
    unseen = [Revision(2, True), Revision(3, True, Act.WITHDRAW)]

    assert wanted(gone, planned(FIRST), unseen, True) == both(WITHDRAWN, "3")
    assert wanted(gone, waiting(FIRST), unseen, True) == ()
    assert wanted(gone, [], unseen, True) == ()


def test_news_beside_a_correction_is_told_as_news_too() -> None:
    unseen = [Revision(2, True, Act.CORRECT), Revision(3, True)]

    found = wanted(an_outage(3), planned(FIRST, sides=(INSIDE,)), unseen, False)

    assert found == (Wanted(INSIDE, CORRECTION, "2"), Wanted(INSIDE, UPDATE, "3"))


DUE = datetime(2026, 11, 22, 13, 32, tzinfo=UTC)


def test_a_promise_that_comes_due_without_news_wants_a_holding_notice_of_its_time() -> None:
    found = wanted(an_outage(1), planned(FIRST), [], True, [Promised(OUTSIDE, DUE)])

    assert found == (Wanted(OUTSIDE, HOLDING, DUE.isoformat()),)


@pytest.mark.parametrize(
    ("outage", "standing", "unseen"),
    [
        (an_outage(2), planned(FIRST), [Revision(2, True)]),  # news keeps the promise itself
        (an_outage(1), waiting(FIRST), []),  # what waits keeps it
        (an_outage(2, Status.RESOLVED), planned(FIRST, RESOLVED), []),
        (replace(an_outage(2), withdrawn=True), planned(FIRST, WITHDRAWN), []),
    ],
)
def test_no_holding_notice_where_something_else_is_said_or_nothing_is_left_to_say(
    outage: Outage, standing: list[Planned], unseen: list[Revision]
) -> None:
    owed = [Promised(INSIDE, DUE), Promised(OUTSIDE, DUE)]

    assert HOLDING not in {notice.occasion for notice in wanted(outage, standing, unseen, True, owed)}


@pytest.mark.parametrize("act", [Act.RELEASE, Act.DISMISS])
def test_what_becomes_of_a_hold_is_news_to_colleagues_only(act: Act) -> None:
    found = wanted(an_outage(2), planned(FIRST), [Revision(2, False, act)], True)

    assert found == (Wanted(INSIDE, UPDATE, "2"),)


def test_a_child_of_quiet_hours_is_nothing_that_the_outside_was_told() -> None:
    child = [Planned(OUTSIDE, WAKE, "2026-11-23T06:00:00+00:00", released=False)]

    found = wanted(an_outage(2, Status.RESOLVED), [*planned(FIRST, RESOLVED), *child], [Revision(2, True)], True)

    assert found == both(UPDATE, "2")


# -- several channels --------------------------------------------------------------------------------------


def by_webhook(standing: list[Planned]) -> list[Planned]:
    return [replace(each, channel=Channel.WEBHOOK) for each in standing]


def test_a_channel_that_joins_later_is_told_by_the_next_news_and_reads_a_first() -> None:
    assert wanted(an_outage(1), planned(FIRST), [], True, channel=Channel.WEBHOOK) == ()
    assert wanted(an_outage(2), planned(FIRST), [Revision(2, True)], True, channel=Channel.WEBHOOK) == both(FIRST, "2")


def test_what_waits_on_one_channel_keeps_no_promise_of_another() -> None:
    standing = [*planned(FIRST), *by_webhook(waiting(UPDATE, "2"))]
    owed = [Promised(OUTSIDE, DUE), Promised(OUTSIDE, DUE, Channel.WEBHOOK)]

    assert wanted(an_outage(2), standing, [], True, owed) == (Wanted(OUTSIDE, HOLDING, DUE.isoformat()),)
    assert wanted(an_outage(2), standing, [], True, owed, Channel.WEBHOOK) == ()


def test_a_correction_is_for_channels_that_told_something() -> None:
    standing = [*planned(FIRST), *by_webhook(waiting(FIRST))]
    correction = [Revision(2, True, Act.CORRECT)]

    assert CORRECTION in {notice.occasion for notice in wanted(an_outage(2), standing, correction, True)}
    assert wanted(an_outage(2), standing, correction, True, channel=Channel.WEBHOOK) == both(FIRST, "2")


@pytest.mark.parametrize("child", [Occasion.FAILOVER, Occasion.REPLAY])
@pytest.mark.parametrize(
    "revision, status, occasion",
    [
        (Revision(2, True), Status.INVESTIGATING, UPDATE),
        (Revision(2, True), Status.RESOLVED, RESOLVED),
        (Revision(2, False, Act.CORRECT), Status.INVESTIGATING, CORRECTION),
        (Revision(2, False, Act.WITHDRAW), Status.INVESTIGATING, WITHDRAWN),
    ],
)
def test_whoever_heard_by_a_child_alone_hears_what_follows_on_its_channel(
    child: Occasion, revision: Revision, status: Status, occasion: Occasion
) -> None:
    by_mail = planned(FIRST)
    told = Planned(OUTSIDE, child, "n/email/webhook", channel=Channel.WEBHOOK)
    outage = replace(an_outage(2, status), withdrawn=revision.act is Act.WITHDRAW)

    found = wanted(outage, [*by_mail, told], [revision], True, channel=Channel.WEBHOOK)

    assert Wanted(OUTSIDE, occasion, "2") in found


def test_a_child_that_waits_lets_nobody_count_as_told() -> None:
    child = Planned(OUTSIDE, Occasion.FAILOVER, "n", released=False, waiting=True, channel=Channel.WEBHOOK)

    found = wanted(an_outage(2), [*planned(FIRST), child], [Revision(2, True)], True, channel=Channel.WEBHOOK)

    assert Wanted(OUTSIDE, FIRST, "2") in found
