"""What the model of SES refuses, by botocore's model and by the documentation."""

from typing import Any

import pytest

from forewarn.dev.sandbox.ses.checks import invalid, malformed, template_tags
from tests.forewarn.dev.sandbox.ses.conftest import TEMPLATE, a_call, an_entry


def why(entry: dict[str, Any]) -> str:
    """Why an entry is refused within a call that is taken."""
    call = a_call(entry)
    assert malformed(call) is None
    return invalid(call, template_tags(call), entry) or ""


def header(name: str, value: str = "x") -> dict[str, str]:
    return {"Name": name, "Value": value}


def file(**changes: Any) -> dict[str, Any]:
    return {"FileName": "invite.ics", "ContentType": "text/calendar; method=CANCEL", "RawContent": "QkVHSU4="} | changes


def template(**changes: Any) -> dict[str, Any]:
    return {"Template": {"TemplateContent": TEMPLATE, "TemplateData": "{}"} | changes}


def test_a_usual_call_is_taken() -> None:
    assert malformed(a_call()) is None and why(an_entry()) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"BulkEmailEntries": []}, "0 entries"),
        ({"BulkEmailEntries": [an_entry()] * 51}, "51 entries"),
        ({"FromEmailAddress": ""}, "FromEmailAddress"),
        ({"FromEmailAddress": "Störung <status@acme.example>"}, ""),
        ({"FromEmailAddress": "a b@acme.example"}, "FromEmailAddress"),
        ({"ReplyToAddresses": ["nobody"]}, "ReplyToAddresses"),
        ({"From": "a@b.example"}, "Unknown parameter"),
        ({"DefaultContent": {}}, "give one of"),
        ({"DefaultContent": template(TemplateName="stored")}, "give one of"),
        ({"DefaultContent": template(TemplateData="[]")}, "must be a JSON object"),
        ({"DefaultContent": template(TemplateData="{")}, "TemplateData"),
        ({"DefaultContent": template(TemplateContent={"Text": "{{#if x}}y{{/if}}"})}, "only plain"),
        ({"DefaultContent": template(Headers=[header("Message-ID")])}, "set by SES"),
        ({"DefaultContent": template(Headers=[header("X-A: b")])}, "does not match"),
        ({"DefaultContent": template(Headers=[header("X-A", "Störung")])}, "does not match"),
        ({"DefaultContent": template(Headers=[header("X-A", "a\r\nBcc: b")])}, "does not match"),
        ({"DefaultContent": template(Headers=[header("X-A", "v" * 996)])}, "longer than 995"),
        ({"DefaultContent": template(Headers=[header(f"X-{n}") for n in range(16)])}, "longer than 15"),
        ({"DefaultContent": template(Attachments=[file()])}, ""),
        ({"DefaultContent": template(Attachments=[{"RawContent": "QkVHSU4="}])}, "FileName"),
        ({"DefaultContent": template(Attachments=[file(FileName="invite")])}, "extension"),
        ({"DefaultContent": template(Attachments=[file(FileName="i.ics\r\nX: y")])}, "extension"),
        ({"DefaultContent": template(Attachments=[file(ContentType="calendar")])}, "no media type"),
        ({"DefaultContent": template(Attachments=[file(ContentType="text/calendar; method=" + "x" * 60)])}, "than 78"),
        ({"DefaultContent": template(Attachments=[file(ContentDisposition="attachment")])}, "is none of"),
        ({"DefaultContent": template(Attachments=[file(RawContent="BEGIN:VCALENDAR")])}, "not in base64"),
        ({"DefaultEmailTags": [{"Name": "notice", "Value": "a.b"}]}, "message tag"),
        ({"ConfigurationOverrides": {"Tracking": {"OpenTrackingEnabled": "yes"}}}, "is none of"),
    ],
)
def test_a_call_that_is_wrong_as_a_whole_is_refused_with_its_reason(changes: dict[str, Any], said: str) -> None:
    fault = malformed(a_call(**changes))

    assert (said in fault.message if fault else False) == bool(said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Destination": {}}, "0 recipients"),
        ({"Destination": {"ToAddresses": ["josé@x.example"]}}, "Illegal address"),
        ({"Destination": {"ToAddresses": ["u@localhost"]}}, "Illegal address"),
        ({"Destination": {"ToAddresses": ["Ada <ada@x.example>"]}}, ""),
        ({"ReplacementHeaders": [header("Subject")]}, "set by SES"),
        ({"ReplacementHeaders": [header("X-A"), header("x-a")]}, "given twice"),
        ({"ReplacementTags": [header("batch", "two words")]}, "message tag"),
        ({"ReplacementEmailContent": {}}, "'name' is not present"),
        ({"ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": "x"}}}, "TemplateData"),
    ],
)
def test_an_entry_that_is_wrong_is_refused_with_its_reason(changes: dict[str, Any], said: str) -> None:
    assert said in why(an_entry() | changes) if said else why(an_entry() | changes) == ""


def test_headers_of_template_and_entry_count_together() -> None:
    shared = [header(f"X-{n}") for n in range(14)]
    call = a_call(an_entry(), DefaultContent=template(Headers=shared))

    assert "more than 15 headers" in (invalid(call, frozenset(), an_entry()) or "")
