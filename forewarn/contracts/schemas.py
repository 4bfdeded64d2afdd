"""Write schemas/ from the types, or say how they differ."""

import argparse
import sys
from pathlib import Path

import orjson
from pydantic import BaseModel, TypeAdapter

from forewarn.contracts import api, messages, page, schedule_api
from forewarn.contracts.event import CloudEvent, Event
from forewarn.contracts.policy import Policy
from forewarn.contracts.webhook import WebhookPayload

SCHEMAS = Path(__file__).parents[2] / "schemas"

TYPES: dict[str, type[BaseModel]] = {
    "event-v1": Event,
    "event-v1-cloudevent": CloudEvent,
    "policy": Policy,
    "message-outage-revised": messages.OutageRevised,
    "message-window-due": messages.WindowDue,
    "message-batch": messages.Batch,
    "message-batch-settled": messages.BatchSettled,
    "message-page": page.Page,
    "answer-event-accepted": api.EventAccepted,
    "answer-event-failed": api.EventFailed,
    "answer-event-state": api.EventState,
    "answer-status": api.StatusView,
    "answer-outage": api.OutageView,
    "answer-delivery": api.DeliveryView,
    "answer-why": api.WhyView,
    "answer-dismissed": api.DismissView,
    "answer-failed": api.FailedView,
    "answer-import": api.ImportReport,
    "answer-import-news": api.ImportNews,
    "answer-log": api.LogEntry,
    "answer-policy": api.PolicyView,
    "answer-preview": api.PreviewView,
    "answer-calendar": schedule_api.CalendarView,
    "answer-schedule": schedule_api.ScheduleView,
    "answer-sending": api.SendingView,
    "answer-webhook-secret": api.WebhookSecretView,
    "ask-cancel": api.CancelAsk,
    "ask-dismiss": api.DismissAsk,
    "ask-pause": api.PauseAsk,
    "ask-resume": api.ResumeAsk,
    "webhook-notice-v1": WebhookPayload,
}


def schemas() -> dict[str, bytes]:
    """File name → JSON Schema (draft 2020-12), the same bytes on every run."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    made = {}
    for name, kind in TYPES.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **TypeAdapter(kind).json_schema()}
        made[f"{name}.json"] = orjson.dumps(schema, option=options) + b"\n"
    return made


def differences(directory: Path) -> list[str]:
    """What stands in the directory and should not, or not so."""
    wanted = schemas()
    found = {path.name: path.read_bytes() for path in directory.glob("*.json")}
    changed = [f"{name}: not as the types say" for name in wanted if found.get(name) != wanted[name]]
    return changed + [f"{name}: no type makes it" for name in sorted(found.keys() - wanted.keys())]


def main() -> int:
    """`--check` compares, otherwise write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if parser.parse_args().check:
        found = differences(SCHEMAS)
        for line in found:
            sys.stderr.write(f"schemas/{line}; run `make schemas`\n")
        return 1 if found else 0
    SCHEMAS.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (SCHEMAS / name).write_bytes(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
