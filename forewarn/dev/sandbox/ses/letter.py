"""A mail as the model of SES would hand it on: rendered from template and data when somebody reads it."""

from collections.abc import Mapping, Sequence
from email.header import Header
from email.utils import formatdate
from typing import Any

from forewarn.dev.sandbox.lines import Entry, value_of
from forewarn.dev.sandbox.ses.template import rendered, values

_BOUNDARY, _OUTER = "=_sandbox", "=_files"
_ALTERNATIVES = f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\n'


def message_id(n: int) -> str:
    """What SES answers for message n; it puts its own Message-ID into the mail."""
    return f"0107{n:012x}-5a4db0c5-0000-4000-8000-{n:012x}-000000"


def letter(common: Mapping[str, Any], entry: Entry) -> bytes:
    """The whole message with both bodies and its attachments, in UTF-8, lines ended by CRLF."""
    template = common.get("DefaultContent", {}).get("Template", {})
    content = template.get("TemplateContent", {})
    try:
        data = values(common, value_of(entry.line["entries"]["data"], entry.place))
    except ValueError:  # taken with checks off; shown as it came
        data = {}
    headers = _own_headers(entry, rendered(content.get("Subject", ""), data)) | _given_headers(template, entry)
    head = "".join(f"{name}: {value}\n" for name, value in headers.items())
    parts = [
        f"--{_BOUNDARY}\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"{rendered(content[key], data)}\n"
        for kind, key in (("plain", "Text"), ("html", "Html"))
        if key in content
    ]
    whole = head + _with_files(f"{_ALTERNATIVES}\n{''.join(parts)}--{_BOUNDARY}--\n", template.get("Attachments", ()))
    return whole.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _with_files(alternatives: str, attachments: Sequence[Mapping[str, str]]) -> str:
    if not attachments:
        return alternatives
    files = "".join(f"--{_OUTER}\n{_file(each)}" for each in attachments)
    return f'Content-Type: multipart/mixed; boundary="{_OUTER}"\n\n--{_OUTER}\n{alternatives}{files}--{_OUTER}--\n'


def _file(attachment: Mapping[str, str]) -> str:
    """One attachment; its base64 as it came, in lines that mail takes."""
    name, content = attachment.get("FileName", ""), attachment.get("RawContent", "")
    lines = "".join(f"{content[at : at + 76]}\n" for at in range(0, len(content), 76))
    return (
        f'Content-Type: {attachment.get("ContentType", "text/plain")}; name="{name}"\n'
        f'Content-Disposition: {attachment.get("ContentDisposition", "ATTACHMENT").lower()}; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{lines}"
    )


def _own_headers(entry: Entry, subject: str) -> dict[str, str]:
    return {
        "From": entry.sender,
        "To": value_of(entry.line["entries"]["shown"], entry.place) or ", ".join(entry.recipients),
        "Subject": _encoded(subject),
        "Date": formatdate(entry.accepted_at),
        "Message-ID": f"<{message_id(entry.n)}@eu-central-1.amazonses.com>",
        "MIME-Version": "1.0",
    }


def _given_headers(template: Mapping[str, Any], entry: Entry) -> dict[str, str]:
    """The template's headers, the entry's own in place of those of the same name."""
    columns = entry.line["entries"]["headers"].items()
    own = {name: value for name, column in columns if (value := value_of(column, entry.place)) is not None}
    replaced = {name.lower() for name in own}
    shared = {each["Name"]: each["Value"] for each in template.get("Headers", ())}
    return {name: value for name, value in shared.items() if name.lower() not in replaced} | own


def _encoded(subject: str) -> str:
    flat = " ".join(subject.splitlines())
    return flat if flat.isascii() else Header(flat, "utf-8").encode()
