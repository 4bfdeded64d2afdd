"""How roles are heard on a side, as parameters of the statement that freezes a window."""

from typing import Any

from forewarn.delivery import LETTERS, State
from forewarn.subscriber import HEARINGS, Side, Voice


def last_rank(side: Side, tiers: tuple[str, ...]) -> int:
    """The rank that leaves last: outside, tiers come one after the other, then who has none."""
    return max(h.rank for h in HEARINGS if h.side is side) + (len(tiers) if side is Side.OUTSIDE else 0)


def parameters(side: Side, tiers: tuple[str, ...]) -> dict[str, Any]:
    """roles, voices, ranks strongest first; the plain voice and last rank for whoever has no stake any more.

    Inside, an outside role is heard too, in the internal voice: whoever has an inside stake is inside only.
    """
    heard = [h for h in HEARINGS if h.side is side or side is Side.INSIDE]
    plain = Voice.INTERNAL if side is Side.INSIDE else Voice.CUSTOMER
    last = last_rank(side, tiers)
    return {
        "roles": [h.role.value for h in heard],
        "voices": [(h.voice if h.side is side else plain).value for h in heard],
        "ranks": [h.rank if h.side is side else last for h in heard],
        "plain_voice": plain.value,
        "last_rank": last,
        "tiers": list(tiers),
    }


SUPPRESSED_LETTERS: dict[str, str] = {
    reason.value: letter for letter, (state, reason) in LETTERS.items() if state is State.SUPPRESSED and reason
}
"""Reason of a suppression in the directory → its letter."""
