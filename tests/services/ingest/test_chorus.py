"""What signals say together, by what they say."""

from hypothesis import given
from hypothesis import strategies as st

from forewarn.component import Impact
from forewarn.outage import Facts
from forewarn.signal import Signal, observed_from
from services.ingest.chorus import Chorus
from tests.support.reports import NOON

SIGNALS = st.lists(
    st.builds(
        lambda key, firing, impact: Signal("am", key, firing, NOON, components={"card-payments": impact}),
        st.sampled_from("abcd"),
        st.booleans(),
        st.sampled_from(Impact),
    ),
    max_size=12,
)


@given(SIGNALS, st.sampled_from("abcd"))
def test_others_say_together_what_all_other_signals_say(heard: list[Signal], own: str) -> None:
    chorus = Chorus()
    for signal in heard:
        chorus.hear(signal)

    others = chorus.others("am", own)

    newest = {signal.key: signal for signal in heard}
    everybody = [signal for signal in newest.values() if signal.key != own]
    assert observed_from(others, Facts(), Facts()) == observed_from(everybody, Facts(), Facts())
    assert all(signal.key != own for signal in others)


def test_a_thousand_that_say_the_same_are_one() -> None:
    chorus = Chorus(Signal("am", str(n), True, NOON, components={"card-payments": Impact.DOWN}) for n in range(1000))

    assert len(chorus.others("am", "7")) == 1


def test_what_is_forgotten_says_nothing() -> None:
    signal = Signal("am", "a", True, NOON)
    chorus = Chorus([signal])

    chorus.forget(signal)

    assert chorus.others("am", "b") == ()


def test_a_thousand_that_are_calm_hide_none_that_fires() -> None:
    chorus = Chorus(Signal("am", str(n), n == 7, NOON, components={"card-payments": Impact.DOWN}) for n in range(1000))

    assert sorted(signal.firing for signal in chorus.others("am", "0")) == [False, True]
