"""Events: send one as it is, and ask what became of one."""

from typing import Annotated, Any

import orjson
import typer

from forewarn.cli import options as o
from forewarn.cli.became import Acted, answer
from forewarn.cli.client import client
from forewarn.cli.files import bytes_of
from forewarn.cli.follow import state_of

app = o.noun("Send an event as a monitoring system would, and ask what became of it.")

CLOUD_EVENT = "application/cloudevents+json"


@app.command(epilog=o.example("forewarn event send alert.json"))
def send(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Event v1 or a CloudEvent as JSON; - reads stdin.")],
    as_json: o.Json = False,
) -> None:
    """Send an event as it is, and see what became of it."""
    body = bytes_of(file)
    said = _object_in(body)
    in_envelope = "specversion" in said
    media = CLOUD_EVENT if in_envelope else "application/json"
    named = said.get("id") if in_envelope else said.get("event_id")
    here = client()
    taken = here.send(body, media, repeatable=bool(named))
    answer(Acted.model_validate(state_of(here, taken.event_id).model_dump()), as_json)


@app.command(epilog=o.example("forewarn event show 4f1c2a"))
def show(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="The event's id.")], as_json: o.Json = False
) -> None:
    """Show what became of an event."""
    answer(Acted.model_validate(client().event(event_id).model_dump()), as_json)


def _object_in(body: bytes) -> dict[str, Any]:
    """What the file says, only to see its kind; whether it is an event is for the door to say."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
