"""W10: two incidents become one by a person's word, and one becomes two; nothing of either is lost."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.component import Impact, worst
from forewarn.outage import Act, Kind, Outage, Release, Status
from forewarn.revise import Opened, Rejected, Repeat, Revised
from tests.support.reports import TONIGHT, Memory, act, after, alert, by_hand, firing, news, resolved, settle

DOWN, SLOW = Impact.DOWN, Impact.DEGRADED
NAMES = ("api", "shop", "mail", "dns")

impacts = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([i for i in Impact if i is not Impact.NONE]))
some = impacts.filter(bool)


def two(into: dict[str, Impact] | None = None, gone: dict[str, Impact] | None = None) -> Memory:
    """Two incidents of machines; INC-2 is merged into INC-1 in these tests."""
    memory = Memory()
    memory.hear(firing(0, "a", into or {"api": DOWN}), firing(1, "b", gone or {"shop": SLOW}))
    return memory


def merge(memory: Memory, at: float = 2, **said: object) -> object:
    return memory.hear(act(Act.MERGE, at, "INC-2", **{"into": "INC-1"} | said))


def split(memory: Memory, *leaving: str, about: str = "INC-1", at: float = 3) -> object:
    return memory.hear(act(Act.SPLIT, at, about, components=dict.fromkeys(leaving, SLOW)))


def why_not(verdict: object) -> str:
    assert isinstance(verdict, Rejected), verdict
    return verdict.reason


# -- merge ---------------------------------------------------------------------------------------------------


def test_what_is_merged_is_over_and_says_of_what_it_is_part() -> None:
    memory = two()

    merge(memory)

    into, gone = memory.outages
    assert (gone.whole, gone.closed_at, gone.revision) == ("INC-1", after(2), 2)
    assert into.open and into.revision == 2
    assert into.facts.components == {"api": DOWN, "shop": SLOW}


@given(some, some)
def test_one_touches_all_that_the_two_touched_as_badly_as_the_worse(
    one: dict[str, Impact], other: dict[str, Impact]
) -> None:
    memory = two(one, other)

    merge(memory)

    expected = {n: worst(i[n] for i in (one, other) if n in i) for n in one.keys() | other.keys()}
    assert memory.outages[0].facts.components == expected


@given(impacts, impacts)
def test_the_own_stated_facts_win(one: dict[str, Impact], other: dict[str, Impact]) -> None:
    memory = Memory()
    memory.hear(by_hand(0, components=one | {"web": DOWN}, cause="A full disk.", key="one"))
    memory.hear(by_hand(1, components=other | {"web": SLOW}, cause="A lost key.", workaround="By phone.", key="two"))

    merge(memory)

    stated = memory.outages[0].stated
    assert stated.components == {**other, **one, "web": DOWN}
    assert (stated.cause, stated.workaround) == ("A full disk.", "By phone.")


def test_a_merge_is_news_though_nothing_else_is_said_by_it() -> None:
    memory = two({"api": DOWN}, {"api": DOWN})

    assert news(merge(memory))  # type: ignore[arg-type]


def test_a_note_of_the_merge_is_told_and_those_of_before_are_not_told_again() -> None:
    memory = two()
    memory.hear(by_hand(1.5, "INC-1", note="We look."), by_hand(1.6, "INC-2", note="We look, too."))

    merge(memory, note="It is one fire.")

    assert memory.outages[0].stated.note == "It is one fire."


def test_further_words_of_its_signals_are_about_what_it_is_part_of() -> None:
    memory = two()
    merge(memory)

    memory.hear(firing(3, "b", {"shop": DOWN}))

    assert memory.outages[0].facts.components["shop"] is DOWN
    assert len(memory.outages) == 2 and memory.outages[1].revision == 2


def test_it_is_calm_when_all_signals_of_both_are() -> None:
    memory = two()
    memory.hear(resolved(1.5, "a"))
    merge(memory)
    calm_before = memory.outages[0].calm_since

    memory.hear(resolved(4, "b"))

    assert calm_before is None

    assert memory.outages[0].calm_since == after(4)
    assert memory.outages[0].facts.status is Status.MONITORING
    memory.hear(settle(15, memory.outages[0].revision))
    assert not memory.outages[0].open


@pytest.mark.parametrize("first", ["a", "b"])
def test_two_that_are_calm_are_calm_since_the_later_became_so(first: str) -> None:
    memory = two()
    memory.hear(resolved(1.2, first), resolved(1.4, "b" if first == "a" else "a"))

    merge(memory)

    assert memory.outages[0].calm_since == after(1.4)


def test_a_person_s_incident_does_not_keep_a_machine_s_from_falling_calm() -> None:
    memory = Memory()
    memory.hear(firing(0, "a"), by_hand(1, components={"shop": DOWN}, status=Status.MONITORING))

    merge(memory)
    memory.hear(resolved(3, "a"))

    assert memory.outages[0].calm_since == after(3)


def test_a_machine_s_calm_is_no_end_of_what_a_person_told() -> None:
    memory = Memory()
    memory.hear(by_hand(0, components={"shop": DOWN}), firing(1, "a"))
    merge(memory)
    memory.hear(resolved(3, "a"))

    verdict = memory.hear(settle(15, memory.outages[0].revision))

    assert isinstance(verdict, Repeat) and memory.outages[0].open


def test_customers_may_hear_of_it_when_they_might_of_either() -> None:
    memory = two()
    memory.hear(act(Act.RELEASE, 1.5, "INC-2"))

    merge(memory)

    assert memory.outages[0].release is Release.RELEASED


def test_new_alerts_of_its_group_are_about_what_it_is_part_of() -> None:
    memory = Memory()
    memory.hear(firing(0, "a"), alert(1, "a1", group="g"))
    merge(memory)

    memory.hear(alert(60, "a2", started=60, group="g"))

    assert len(memory.outages) == 2
    assert memory.signals["alertmanager", "a2"].outage_id == 1


def test_what_was_merged_goes_with_what_it_is_part_of() -> None:
    memory = two()
    memory.hear(firing(1, "c", {"mail": DOWN}))
    merge(memory)

    memory.hear(act(Act.MERGE, 4, "INC-1", into="INC-3"))

    assert [outage.whole for outage in memory.outages] == ["INC-3", "INC-3", None]
    assert set(memory.outages[2].facts.components) == {"api", "shop", "mail"}
    assert {signal.outage_id for signal in memory.signals.values()} == {3}


@pytest.mark.parametrize("what", [a for a in Act if a not in (Act.MERGE, Act.SETTLE, Act.OCCUR, Act.JOIN)])
def test_an_act_on_what_was_merged_is_refused_and_names_what_it_is_part_of(what: Act) -> None:
    memory = two()
    merge(memory)
    before = memory.state

    reason = why_not(memory.hear(act(what, 3, "INC-2", cause="A full disk.", components={"shop": SLOW})))

    assert "INC-2 was merged into INC-1" in reason
    assert memory.state == before


def test_merging_it_again_changes_nothing() -> None:
    memory = two()
    merge(memory)
    before = memory.state

    assert isinstance(merge(memory, 3), Repeat)
    assert memory.state == before


@pytest.mark.parametrize(
    ("about", "into", "reason"),
    [
        ("INC-2", None, "name the incident"),
        ("INC-2", "INC-9", "there is no INC-9"),
        ("INC-2", "INC-2", "part of itself"),
        ("INC-2", "MNT-3", "MNT-3 is none"),
        ("MNT-3", "INC-1", "MNT-3 is none"),
        ("INC-2", "INC-4", "INC-4 is over"),
        ("INC-4", "INC-1", "INC-4 is over"),
        ("INC-5", "INC-1", "test"),
        ("INC-2", "INC-6", "INC-6 was withdrawn"),
    ],
)
def test_a_merge_that_would_leave_somebody_without_the_end_is_refused(
    about: str, into: str | None, reason: str
) -> None:
    memory = two()
    memory.hear(
        by_hand(1, kind=Kind.MAINTENANCE, window=TONIGHT, components={"api": DOWN}, key="3"),
        by_hand(1, components={"mail": DOWN}, key="4"),
        by_hand(1.1, components={}, status=Status.RESOLVED, about="INC-4"),
        by_hand(1, components={"mail": DOWN}, test=True, key="5"),
        by_hand(1, components={"mail": DOWN}, key="6"),
        act(Act.WITHDRAW, 1.2, "INC-6"),
    )
    before = memory.state

    assert reason in why_not(memory.hear(act(Act.MERGE, 2, about, into=into)))
    assert memory.state == before


# -- split ---------------------------------------------------------------------------------------------------


def test_what_is_split_off_is_an_incident_with_the_signals_that_are_only_about_it() -> None:
    memory = two()
    merge(memory)

    verdict = split(memory, "shop")

    assert isinstance(verdict, Opened)
    rest, _, own = memory.outages
    assert (dict(rest.facts.components), dict(own.facts.components)) == ({"api": DOWN}, {"shop": SLOW})
    assert {key: s.outage_id for (_, key), s in memory.signals.items() if not s.person} == {"a": 1, "b": 3}
    assert own.open and rest.open and own.revision == 1


@given(some.filter(lambda named: len(named) > 1), st.data())
def test_the_two_touch_together_what_the_one_touched_and_nothing_twice(
    named: dict[str, Impact], data: st.DataObject
) -> None:
    memory = Memory()
    leaving = data.draw(st.lists(st.sampled_from(sorted(named)), min_size=1, max_size=len(named) - 1, unique=True))
    memory.hear(*(firing(0, name, {name: impact}, group="g") for name, impact in named.items()))

    split(memory, *leaving)

    rest, own = memory.outages
    assert {**rest.facts.components, **own.facts.components} == named
    assert set(own.facts.components) == set(leaving)
    assert not set(rest.facts.components) & set(leaving)


def test_stated_facts_go_with_both() -> None:
    memory = Memory()
    memory.hear(by_hand(0, components={"api": DOWN, "shop": SLOW}, cause="A full disk.", communicator="mei"))

    split(memory, "shop")

    rest, own = memory.outages
    assert (own.stated.cause, own.stated.communicator) == (rest.stated.cause, rest.stated.communicator)
    assert dict(own.stated.components) == {"shop": SLOW}
    assert own.release is Release.RELEASED and own.opened_at == rest.opened_at


def test_what_stays_is_not_told_again_and_what_leaves_is() -> None:
    memory = two()
    merge(memory)

    verdict = split(memory, "shop")

    assert isinstance(verdict, Opened) and verdict.rest is not None
    assert not isinstance(verdict, Revised)
    assert memory.outages[0].revision == verdict.rest.revision == 3


def test_a_signal_that_is_about_both_stays_and_brings_nothing_back() -> None:
    memory = Memory()
    memory.hear(firing(0, "both", {"api": DOWN, "shop": DOWN}))

    split(memory, "shop")
    memory.hear(firing(4, "both", {"api": SLOW, "shop": DOWN}, occurred_at=after(4)))

    rest, own = memory.outages
    assert rest.facts.components == {"api": SLOW, "shop": Impact.NONE}
    assert own.facts.components == {"shop": DOWN}


def test_each_part_falls_calm_by_itself() -> None:
    memory = two()
    merge(memory)
    split(memory, "shop")

    memory.hear(resolved(5, "b"))

    rest, _, own = memory.outages
    assert (rest.calm_since, own.calm_since) == (None, after(5))
    assert own.facts.status is Status.MONITORING


@pytest.mark.parametrize(
    ("leaving", "reason"),
    [
        (("api", "shop"), "nothing would be left"),
        (("api", "shop", "mail"), "not about mail"),
        (("mail",), "not about mail"),
        ((), "name it in `components`"),
    ],
)
def test_a_split_that_makes_no_two_is_refused(leaving: tuple[str, ...], reason: str) -> None:
    memory = two()
    merge(memory)
    before = memory.state

    assert reason in why_not(split(memory, *leaving))
    assert memory.state == before


def test_what_is_over_is_not_split() -> None:
    memory = Memory()
    memory.hear(by_hand(0, components={"api": DOWN, "shop": SLOW}), by_hand(1, "INC-1", status=Status.RESOLVED))

    assert "over" in why_not(split(memory, "shop"))


def test_planned_work_is_not_split() -> None:
    memory = Memory()
    memory.hear(by_hand(0, kind=Kind.MAINTENANCE, window=TONIGHT, components={"api": DOWN, "shop": SLOW}))

    assert "only incidents" in why_not(split(memory, "shop", about="MNT-1"))


def test_what_was_split_can_be_merged_again() -> None:
    memory = two()
    merge(memory)
    before: Outage = memory.outages[0]
    split(memory, "shop")

    memory.hear(act(Act.MERGE, 5, "INC-3", into="INC-1"))

    after_all = memory.outages[0]
    assert after_all.facts.components == before.facts.components
    assert {signal.outage_id for signal in memory.signals.values()} == {1}
    assert after_all.opened_at + timedelta(0) == before.opened_at
