"""What SES would refuse: botocore's own model of SendBulkEmail, and what the documentation adds to it.

Whole calls are refused for their form, single entries for their own address, headers, tags and data. Which of the
two SES does is not documented for each; and for a missing template value it accepts, then reports a rendering failure.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from forewarn.dev.sandbox.ses.faults import Fault
from forewarn.dev.sandbox.ses.template import faulty, tags, values

if TYPE_CHECKING:
    from botocore.model import Shape

MOST_ENTRIES = 50
MOST_HEADERS = 15
LONGEST_HEADER = 996
SET_BY_SES = frozenset(
    "bcc cc content-disposition content-type date from message-id mime-version"  # noqa: SIM905
    " reply-to return-path subject to".split()
)
"""Header fields that may not be given (the page "Amazon SES header fields")."""

_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5321 §4.1.2; SES speaks no SMTPUTF8
_MAILBOX = (
    rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_ADDRESS = re.compile(rf'{_MAILBOX}|(?:"(?:[^"\\\r\n]|\\.)*"|[^"<>@,\r\n]*)\s*<{_MAILBOX}>')

_FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.[A-Za-z0-9]+")
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+"  # RFC 2045 §5.1
_MEDIA_TYPE = re.compile(rf'{_TOKEN}/{_TOKEN}(?:; *{_TOKEN}=(?:{_TOKEN}|"[^"\\\r\n]*"))*')


def malformed(call: Any) -> Fault | None:
    """Why the whole call is refused, or None."""
    found = _unmodelled(call)
    if found is None:
        found = next(_wrong(call), None)
    return None if found is None else Fault(400, found)


def invalid(common: Mapping[str, Any], needed: frozenset[str], entry: Mapping[str, Any]) -> str | None:
    """Why this entry is refused, or None; `needed` are the template's tags."""
    return next(_wrong_entry(common, needed, entry), None)


def template_tags(common: Mapping[str, Any]) -> frozenset[str]:
    """The names that the call's template asks for."""
    return tags("".join(_parts(common)))


def _unmodelled(call: Any) -> str | None:
    from botocore.validate import ParamValidator

    shape = _shape()
    report = ParamValidator().validate(call, shape)
    if report.has_errors():
        return str(report.generate_report())
    return next(_beyond_limits(call, shape, ""), None)


def _beyond_limits(value: Any, shape: "Shape", name: str) -> Iterator[str]:
    """Longest lengths, patterns and closed sets, which botocore's validator does not look at."""
    limits = shape.metadata
    if "max" in limits and len(value) > limits["max"]:
        yield f"{name}: longer than {limits['max']}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"].strip("^$"), value):
        yield f"{name}: {value!r} does not match {limits['pattern']}"
    if limits.get("enum") and value not in limits["enum"]:
        yield f"{name}: {value!r} is none of {limits['enum']}"
    if shape.type_name == "structure":
        for key, member in value.items():
            yield from _beyond_limits(member, shape.members[key], f"{name}.{key}")
    elif shape.type_name == "list":
        for place, member in enumerate(value):
            yield from _beyond_limits(member, shape.member, f"{name}[{place}]")


def _wrong(call: Mapping[str, Any]) -> Iterator[str]:
    entries = call["BulkEmailEntries"]
    template = call["DefaultContent"].get("Template", {})
    if not 1 <= len(entries) <= MOST_ENTRIES:
        yield f"BulkEmailEntries: {len(entries)} entries; 1 to {MOST_ENTRIES} are taken"
    if not _ADDRESS.fullmatch(call.get("FromEmailAddress", "")):
        yield "FromEmailAddress is missing or not an address"
    for address in call.get("ReplyToAddresses", ()):
        if not _ADDRESS.fullmatch(address):
            yield f"ReplyToAddresses: {address!r} is not an address"
    if ("TemplateContent" in template) + ("TemplateName" in template) + ("TemplateArn" in template) != 1:
        yield "DefaultContent.Template: give one of TemplateName, TemplateArn and TemplateContent"
    if any(faulty(part) for part in _parts(call)):
        yield "TemplateContent: only plain {{name}} is substituted in a template given with the request"
    yield from _wrong_headers(template.get("Headers", ()))
    yield from _wrong_attachments(template.get("Attachments", ()))
    yield from _wrong_tags(call.get("DefaultEmailTags", ()))
    try:
        values(call, None)
    except ValueError as error:
        yield f"TemplateData: {error}"


def _wrong_entry(common: Mapping[str, Any], needed: frozenset[str], entry: Mapping[str, Any]) -> Iterator[str]:
    destination = entry["Destination"]
    to = [address for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for address in destination.get(kind, ())]
    if not 1 <= len(to) <= MOST_ENTRIES:
        yield f"Destination: {len(to)} recipients; 1 to {MOST_ENTRIES} are taken"
    yield from (f"Illegal address: {address!r}" for address in to if not _ADDRESS.fullmatch(address))
    own, default = entry.get("ReplacementHeaders", ()), common["DefaultContent"].get("Template", {}).get("Headers", ())
    yield from _wrong_headers(own)
    if len({each["Name"].lower() for each in (*own, *default)}) > MOST_HEADERS:
        yield f"more than {MOST_HEADERS} headers in one message"
    yield from _wrong_tags(entry.get("ReplacementTags", ()))
    content = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
    try:
        missing = needed - values(common, content.get("ReplacementTemplateData")).keys()
    except ValueError as error:
        yield f"ReplacementTemplateData: {error}"
    else:
        yield from (f"Attribute '{name}' is not present in the rendering data." for name in sorted(missing))


def _wrong_headers(headers: Sequence[Mapping[str, str]]) -> Iterator[str]:
    names = [each["Name"].lower() for each in headers]
    yield from (f"header {name} is set by SES and cannot be given" for name in names if name in SET_BY_SES)
    yield from (f"header {name} is given twice" for name in set(names) if names.count(name) > 1)
    for each in headers:
        if len(each["Name"]) + len(each["Value"]) > LONGEST_HEADER:
            yield f"header {each['Name']}: name and value are longer than {LONGEST_HEADER} together"


def _wrong_attachments(attachments: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for each in attachments:
        name, kind = each["FileName"], each.get("ContentType", "text/plain")
        if not _FILE.fullmatch(name):
            yield f"attachment {name!r}: a file's name with an extension is wanted"
        if not _MEDIA_TYPE.fullmatch(kind):
            yield f"attachment {name}: {kind!r} is no media type"
        try:
            b64decode(each["RawContent"], validate=True)
        except (binascii.Error, ValueError):
            yield f"attachment {name}: RawContent is not in base64"


def _wrong_tags(given: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for each in given:
        if not (_TAG.fullmatch(each["Name"]) and _TAG.fullmatch(each["Value"])):
            yield f"message tag {each['Name']}={each['Value']!r}: letters, digits, _ and - only, 256 at most"


def _parts(common: Mapping[str, Any]) -> list[str]:
    content = common.get("DefaultContent", {}).get("Template", {}).get("TemplateContent", {})
    return [content.get(kind, "") for kind in ("Subject", "Text", "Html")]


@cache
def _shape() -> "Shape":
    import botocore.session  # here: it would add a tenth of a second to every start of a sandbox

    model = botocore.session.get_session().get_service_model("sesv2")
    return model.operation_model("SendBulkEmail").input_shape
