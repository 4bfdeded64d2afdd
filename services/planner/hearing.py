"""How roles are heard on a side, and which letters are known beforehand, as parameters of the member statements."""

from typing import Any

import orjson

from forewarn.contracts.policy import Policy
from forewarn.delivery import LETTERS, MOVED, TOLD, Reason, State, letter_of
from forewarn.subscriber import HEARINGS, Side, Voice

STOPS = (Reason.SUPERSEDED, Reason.CANCELLED, Reason.WITHDRAWN, Reason.EXPIRED)
"""Why a notice in the air may be stopped."""


def last_rank(side: Side, tiers: tuple[str, ...]) -> int:
    """The rank that leaves last: outside, tiers come one after the other, then who has none."""
    return max(h.rank for h in HEARINGS if h.side is side) + (len(tiers) if side is Side.OUTSIDE else 0)


def parameters(side: Side, tiers: tuple[str, ...]) -> dict[str, Any]:
    """roles, voices, ranks strongest first; the plain voice and last rank for whoever has no stake any more.

    Inside, an outside role is heard too, in the internal voice: whoever has an inside stake is inside only. Tiers
    count outside only; `no_tier` is what is added for an account without one, or for no account.
    """
    heard = [h for h in HEARINGS if h.side is side or side is Side.INSIDE]
    plain = Voice.INTERNAL if side is Side.INSIDE else Voice.CUSTOMER
    last = last_rank(side, tiers)
    counting = list(tiers) if side is Side.OUTSIDE else []
    return {
        "inside": side is Side.INSIDE,
        "roles": [h.role.value for h in heard],
        "voices": [(h.voice if h.side is side else plain).value for h in heard],
        "ranks": [h.rank if h.side is side else last for h in heard],
        "all_voices": [voice.value for voice in Voice],
        "plain_voice": plain.value,
        "last_rank": last,
        "tiers": counting,
        "no_tier": len(counting),
    }


SUPPRESSED_LETTERS = orjson.dumps(
    {reason.value: letter for letter, (state, reason) in LETTERS.items() if state is State.SUPPRESSED and reason}
).decode()
"""Reason of a suppression in the directory → its letter, as JSON."""


def membership(side: Side, policy: Policy) -> dict[str, Any]:
    """Parameters that say who is a member, and with which letter; all others are of the one notice asked for."""
    return parameters(side, policy.tiers) | {
        "told": TOLD,
        "moved": MOVED,
        "suppressed": SUPPRESSED_LETTERS,
        "stops": orjson.dumps({reason.value: letter_of(reason) for reason in STOPS}).decode(),
        "withdrawn_letter": letter_of(Reason.WITHDRAWN),
        "not_a_guest": letter_of(Reason.NOT_A_GUEST),
        "guests": list(policy.guests),
    }
