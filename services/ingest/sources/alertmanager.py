"""Alertmanager's webhook, version 4 (prometheus.io/docs/alerting/latest/configuration/#webhook_config).

Grafana sends a superset of it, and calls that version 1.
"""

from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError

from forewarn.component import Impact
from forewarn.content import clean
from forewarn.contracts.event import BadEvent, Moment, faults_of, parse_json
from forewarn.contracts.policy import Alerts
from forewarn.outage import Facts, Severity, Status
from forewarn.signal import Report, clamp
from services.ingest.sources.heard import Heard, Rules, component_key

FORMAT = "alertmanager-v4"

LONGEST_GROUP_BYTES = 1000

Label = Annotated[str, StringConstraints(max_length=4000), AfterValidator(clean)]
Labels = dict[Label, Label]


def _named(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


Name = Annotated[Label, AfterValidator(_named)]


class Alert(BaseModel):
    """One alert; `endsAt` of a firing one is year 1 and says nothing."""

    status: Literal["firing", "resolved"]
    labels: Labels
    annotations: Labels = {}
    startsAt: Moment
    endsAt: str | None = None
    fingerprint: Annotated[Name, StringConstraints(max_length=200)]

    @property
    def firing(self) -> bool:
        return self.status == "firing"


class Webhook(BaseModel):
    version: Literal["4", "1"]
    groupKey: Name
    alerts: list[Alert] = Field(min_length=1, max_length=10_000)

    @property
    def group(self) -> str:
        """The group's key; a long one, with every label in it, by its digest: the record finds groups by an index."""
        key = self.groupKey.encode()
        return self.groupKey if len(key) <= LONGEST_GROUP_BYTES else f"sha256:{sha256(key).hexdigest()}"


class _Ended(BaseModel):
    endsAt: Moment


def read(heard: Heard, rules: Rules) -> tuple[Report, ...]:
    """A report per alert, firing ones first, so that a group never seems over while one of it fires.

    None for a watchdog that fires: it only says that its source lives (T18). Where nothing fires, nothing shows that:
    Alertmanager ends by itself what it no longer hears of, watchdogs too.
    """
    data = parse_json(heard.body)
    if not isinstance(data, dict):
        raise BadEvent(f"an Alertmanager webhook is a JSON object, this is {type(data).__name__}")
    try:
        webhook = Webhook.model_validate(data)
        alerts = sorted(webhook.alerts, key=lambda alert: not alert.firing)
        dogs = rules.policy.alerts.watchdogs
        alive = any(alert.firing for alert in alerts)
        told = ((alert, alert.labels.get("alertname") in dogs) for alert in alerts)
        return tuple(
            replace(_report(alert, None if dog else webhook.group, heard, rules), alive=alive)
            for alert, dog in told
            if not (dog and alert.firing)
        )
    except ValidationError as fault:
        raise BadEvent(faults_of(fault)) from None


def _report(alert: Alert, group: str | None, heard: Heard, rules: Rules) -> Report:
    ended = None if alert.firing else _Ended.model_validate({"endsAt": alert.endsAt}).endsAt
    return clamp(
        Report(
            source=heard.source or "alertmanager",
            key=alert.fingerprint,
            group=group,
            received_at=heard.received_at,
            occurred_at=ended or alert.startsAt,
            started_at=alert.startsAt,
            facts=_facts(alert, rules),
            alert=True,
        )
    )


def _facts(alert: Alert, rules: Rules) -> Facts:
    alerts = rules.policy.alerts
    severity = alerts.severities.get(alert.labels.get(alerts.severity_label, ""), alerts.unknown_severity)
    name, known = _component(alert.labels, alerts, rules)
    return Facts(
        status=Status.INVESTIGATING if alert.firing else Status.RESOLVED,
        severity=severity,
        components={name: _impact(alert.labels, alerts, severity)} if known else {},
        unknown_components=() if known else (name,),
        symptoms=alert.annotations.get("summary") or alert.annotations.get("description") or None,
    )


def _impact(labels: Labels, alerts: Alerts, severity: Severity) -> Impact:
    named = labels.get(alerts.impact_label)
    return Impact(named) if named in list(Impact) else alerts.impacts.get(severity, Impact.DEGRADED)


def _component(labels: Labels, alerts: Alerts, rules: Rules) -> tuple[str, bool]:
    """The component that a rule or the first fitting label names, and whether the directory knows it."""
    for rule in alerts.components:
        if all(labels.get(name) == value for name, value in rule.match.items()):
            name = component_key(rule.component)
            return name, rules.knows(name)
    named = [component_key(labels[label]) for label in alerts.component_labels if labels.get(label)]
    found = next((name for name in named if rules.knows(name)), None)
    if found is not None:
        return found, True
    return (named[0] if named else labels.get("alertname", "unnamed alert")), False
