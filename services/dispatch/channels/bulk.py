"""SendBulkEmail's request, prepared once per batch and filled per recipient (SES API v2, an inline template).

SES escapes nothing: the HTML has escaped values of its own (`h_name`), where they differ. A tag without a value makes
SES drop the mail after it was accepted, so that every tag of an entry has one.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

import orjson

from forewarn.content import Calendar, Content, Words, slot, values_for
from forewarn.contracts.messages import Batch, Recipient
from services.dispatch.channels.calendar_part import attached
from services.dispatch.channels.mail import Unsafe, address_of, common_headers, safe
from services.dispatch.channels.ses_template import Templates

OWN = ("accounts", "token", "name")
"""What a recipient may have of their own; all else is shared by those of a zone."""
IN_HTML = "h_"
LONGEST_VALUE = 960
"""Of a header; its name and value are 996 characters at most (API reference, MessageHeader)."""
_PLAIN = re.compile(r"(?a:[\w.+-]+@[\w.-]+)\n[\w -]+\n(?a:[\w-]{1,64})\n[\w .,;:()/-]*")
"""Address, name, token and accounts that JSON and HTML take as they are, and but for the letters of a name each header:
so are most people's."""

_MARKUP = re.compile("[\"'&<>]")


class Bulk:
    """One batch as requests of up to 50 entries each."""

    def __init__(self, batch: Batch, configuration_set: str = "") -> None:
        """Raises Unsafe for a sender or a subject that could forge a header."""
        self._batch, templates = batch, Templates()
        base, token, link = batch.unsubscribe_base, slot("token"), slot("unsubscribe")
        _printable(f"<{base}{'x' * 64}>")
        subject, in_subject = templates.of(safe(batch.content.subject))
        text, in_text = templates.of(batch.content.text.replace(link, base + token))
        words, differing = batch.content.html.replace(link, escape(base) + token), _differing(batch.content)
        html, in_html = templates.of(words, {name: IN_HTML + name for name in differing})
        self._plain, self._html = in_subject | in_text | in_html - differing, in_html & differing
        self._braces = templates.braces
        self._own = [(name, at, _in_data) for at, name in enumerate(OWN) if name in self._plain]
        self._own += [(IN_HTML + name, at, _in_html) for at, name in enumerate(OWN) if name in self._html]
        self._zones: dict[int, str] = {}
        template = {"Subject": subject, "Text": text, "Html": html}
        self._bare = self._head = _head(batch, template, configuration_set, None)
        if batch.content.calendar is not None:
            self._head = _head(batch, template, configuration_set, batch.content.calendar)
        self._shape = self._entry_shape()

    def entry(self, recipient: Recipient) -> bytes:
        """One recipient's part of a request. Raises Unsafe for what could forge a header or would not be rendered."""
        position, subscriber_id, address, zone, name, token, accounts, *_ = recipient
        own = accounts, token, name
        try:
            if _PLAIN.fullmatch(f"{address}\n{name}\n{token}\n{accounts}"):
                to = f"{name} <{address}>" if name.isascii() else address_of(name, address).replace("\n", "")
                values = [own[at] for _, at, _ in self._own]
            else:
                to = _inside(address_of(name, address).replace("\n", ""))
                _printable(f"<{self._batch.unsubscribe_base}{token}>")
                token = _inside(token)
                values = [written(own[at]) for _, at, written in self._own]
            shared = self._zones.get(zone) or self._shared(zone)
            return self._shape.fill_in_order((to, str(position), token, str(subscriber_id), shared, *values)).encode()
        except (KeyError, UnicodeEncodeError, orjson.JSONEncodeError) as fault:
            raise Unsafe(f"cannot be rendered: {type(fault).__name__}") from None  # its text can hold a value

    @property
    def has_calendar(self) -> bool:
        """Whether requests carry an entry for the reader's calendar."""
        return self._head is not self._bare

    def drop_calendar(self) -> None:
        """From now on they carry none."""
        self._head = self._bare

    def request(self, entries: Sequence[bytes], *, bare: bool = False) -> bytes:
        """The whole body; `bare`: without the entry for the calendar, whatever the others carry."""
        return b"".join((self._bare if bare else self._head, b",".join(entries), b"]}"))

    def _entry_shape(self) -> Words:
        """An entry with slots for what stands inside its strings, in the order in which `entry` fills them."""
        values = orjson.dumps({tag: slot(tag) for tag, _, _ in self._own}).decode()
        tags = {"notice": self._batch.notice_id, "batch": str(self._batch.batch_id), "position": slot("position")}
        headers = {
            "List-Unsubscribe": f"<{self._batch.unsubscribe_base}{slot('token')}>",
            "X-Forewarn-Id": f"{self._batch.notice_id}.{slot('subscriber')}",
        }
        entry = {
            "Destination": {"ToAddresses": [slot("to")]},
            "ReplacementTags": _named(tags),
            "ReplacementHeaders": _named(headers),
            "ReplacementEmailContent": {
                "ReplacementTemplate": {"ReplacementTemplateData": f"{{{slot('shared')}{values[1:]}"}
            },
        }
        return Words(orjson.dumps(entry).decode())

    def _shared(self, zone: int) -> str:
        """The values of whoever lives in this zone; made once. Raises KeyError for a slot without a value."""
        if (shared := self._zones.get(zone)) is None:
            values = values_for(self._batch.content, zone, self._braces)
            members = {name: values[name] for name in self._plain.difference(OWN)}
            members |= {IN_HTML + name: escape(values[name]) for name in self._html.difference(OWN)}
            shared = _inside(orjson.dumps(members).decode()[1:-1] + ("," if members and self._own else ""))
            self._zones[zone] = shared
        return shared


def _head(batch: Batch, template: Mapping[str, str], configuration_set: str, calendar: Calendar | None) -> bytes:
    """Everything before the entries."""
    headers = {name: _printable(value) for name, value in common_headers(batch).items()}
    files = {"Attachments": [attached(calendar)]} if calendar else {}
    said = {
        "FromEmailAddress": address_of(batch.sender_name, batch.sender_address).replace("\n", ""),
        **({"ConfigurationSetName": configuration_set} if configuration_set else {}),
        "DefaultContent": {
            "Template": {"TemplateContent": template, "TemplateData": "{}", "Headers": _named(headers), **files},
        },
    }
    return orjson.dumps(said)[:-1] + b',"BulkEmailEntries":['


def _inside(text: str) -> str:
    """What stands between the quotes of a JSON string."""
    return orjson.dumps(text).decode()[1:-1]


def _in_data(value: str) -> str:
    """The value in a JSON string that is JSON inside a JSON string."""
    return _inside(_inside(value))


def _in_html(value: str) -> str:
    return _in_data(escape(value))


def _differing(content: Content) -> frozenset[str]:
    """Names of the values that HTML may write in another way."""
    times = content.times.values()
    if not _MARKUP.search("".join(moment for zone in times for moment in zone)):
        return frozenset({"accounts", "name"})
    return frozenset({"accounts", "name", *(f"t{at}" for zone in times for at, m in enumerate(zone) if escape(m) != m)})


def _named(pairs: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in pairs.items()]


def _printable(value: str) -> str:
    if not (value.isascii() and value.isprintable() and len(value) <= LONGEST_VALUE):
        raise Unsafe("not printable ASCII, or longer than SES takes")
    return value
