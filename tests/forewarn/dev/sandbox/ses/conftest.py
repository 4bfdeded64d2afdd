"""Calls of SES as its own client makes them."""

from collections.abc import Callable
from typing import Any

import botocore.session
import orjson
import pytest
from botocore.client import BaseClient
from botocore.config import Config

from forewarn.dev.sandbox.client import Sandbox

TEMPLATE = {"Subject": "[INC-7] {{what}} gestört", "Text": "Hallo {{name}}", "Html": "<p>Hallo {{{name}}}</p>"}

Call = Callable[..., dict[str, Any]]


def an_entry(to: str = "u@x.example", **data: str) -> dict[str, Any]:
    """An entry with its id, its link, its tags and its data."""
    return {
        "Destination": {"ToAddresses": [to]},
        "ReplacementHeaders": [
            {"Name": "X-Forewarn-Id", "Value": "c0ffee.7"},
            {"Name": "List-Unsubscribe", "Value": "<https://door.example/u/t>"},
        ],
        "ReplacementTags": [{"Name": "notice", "Value": "c0ffee"}, {"Name": "position", "Value": "0"}],
        "ReplacementEmailContent": {
            "ReplacementTemplate": {"ReplacementTemplateData": orjson.dumps({"name": "Ada"} | data).decode()}
        },
    }


def a_call(*entries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A whole call that SES would take."""
    template = {"TemplateContent": TEMPLATE, "TemplateData": '{"what": "Zahlungen"}'}
    call = {
        "FromEmailAddress": "Status <status@acme.example>",
        "DefaultContent": {"Template": template},
        "BulkEmailEntries": list(entries) or [an_entry()],
    }
    return call | changes


@pytest.fixture(scope="session")
def client(provider: Sandbox) -> BaseClient:
    """botocore's own client, which checks nothing before it sends, and tries once."""
    return botocore.session.get_session().create_client(
        "sesv2",
        endpoint_url=provider.ses_url,
        region_name="eu-central-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False, read_timeout=2),
    )


@pytest.fixture
def send(sandbox: Sandbox, client: BaseClient) -> Call:
    """Sends a call, and returns SES's answer as its client parsed it."""

    def ask(*entries: dict[str, Any], **changes: Any) -> dict[str, Any]:
        answer: dict[str, Any] = client.send_bulk_email(**a_call(*entries, **changes))
        return answer

    return ask
