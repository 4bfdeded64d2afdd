"""Whoever gets an outage should be reached by its pages; that they are not refuses nothing, and is said (T15)."""

from dataclasses import replace

from forewarn.contracts.policy_communication import Communication, unreached
from forewarn.outage import Act
from forewarn.verdict import Revised, Verdict


def reached(verdict: Verdict, communication: Communication) -> Verdict:
    """The verdict; where a person took or handed over what nobody will be paged about, it says so."""
    if not isinstance(verdict, Revised) or verdict.act not in (Act.TAKE, Act.HAND_OVER):
        return verdict
    why = unreached(verdict.outage.stated.communicator or "", communication.reach)
    return replace(verdict, reason="; ".join(filter(None, (verdict.reason, why))) or None)
