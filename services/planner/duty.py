"""Whose outage it is, as the record and the policy have it (T15)."""

from datetime import datetime

from forewarn.contracts.policy_communication import Communication
from forewarn.outage import Facts
from forewarn.runtime.postgres import Connection
from services.planner.communicator import Duty, duty_of
from services.planner.touched import touched_by


def duty_in(connection: Connection, communication: Communication, facts: Facts, now: datetime) -> Duty:
    touched = touched_by(connection, facts.components)
    keys = [each.component for each in touched]
    owners = connection.execute("select key, owner from component where key = any(%s)", (keys,)).fetchall()
    return duty_of(communication, facts, touched, {o["key"]: o["owner"] for o in owners}, now)
