"""Releasing: which rule holds customers back from what a machine says, and what the storm brake makes of it."""

from forewarn.contracts.policy import ReleaseRules, StormBrake
from forewarn.outage import Outage, Release, Severity
from forewarn.release import Rule, rule_from


def rule_of(rules: ReleaseRules, outage: Outage) -> Rule:
    """The rule that customers of this outage are held by; a person's word needs none."""
    if outage.release is Release.RELEASED:
        return Rule()
    if outage.source in rules.sources:
        return rule_from(rules.sources[outage.source])
    if not outage.alert:
        return rule_from(rules.native)
    critical = outage.facts.severity is Severity.CRITICAL
    return rule_from(rules.critical_alerts if critical else rules.other_alerts)


def braked(brake: StormBrake, audience: int, lately: int, customers: int) -> bool:
    """Whether a machine's release of this audience must wait for a person.

    `lately`: recipients of what machines released within the hour; `customers`: all there are.
    """
    reached = audience + lately
    return reached >= brake.at_least and reached * 100 > brake.percent * customers
