"""A mail's bytes made readable: headers decoded, text and HTML found, nothing raised however broken it is."""

import re
import unicodedata
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from functools import cached_property
from html import unescape

SNIPPET_CHARACTERS = 140
CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})
_SNIPPET_LOOKS_AT = 30_000  # characters of HTML; a preheader is among the first

_FOLD = re.compile(r"\r?\n(?=[ \t])")
_UNSEEN = re.compile(r"<!--.*?-->|<(head|style|script|title)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


class Letter:
    """One message, parsed when asked."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @cached_property
    def headers(self) -> list[tuple[str, str]]:
        """Every header in its order, unfolded and decoded (RFC 2047)."""
        return [(_clean(name), _decoded(value)) for name, value in self._head.raw_items()]

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    @cached_property
    def text(self) -> str | None:
        return self._content("text/plain")

    @cached_property
    def html(self) -> str | None:
        return self._content("text/html")

    @cached_property
    def entries(self) -> list[tuple[str, str]]:
        """Every entry for a calendar, as its media type and its iCalendar text: the alternative, and files."""
        parts = [part for part in self._whole.walk() if part.get_content_type() in CALENDAR_TYPES]
        return [(" ".join(_clean(str(part["Content-Type"])).split()), _text_of(part)) for part in parts]

    @property
    def snippet(self) -> str:
        """What a mail client would show beside the subject: the first words of the HTML, or of the text."""
        seen = unescape(_UNSEEN.sub(" ", self.html[:_SNIPPET_LOOKS_AT])) if self.html else self.text or ""
        kept = "".join(each for each in seen if unicodedata.category(each) not in ("Cf", "Mn"))
        return " ".join(kept[: SNIPPET_CHARACTERS * 10].split())[:SNIPPET_CHARACTERS]

    @cached_property
    def _head(self) -> Message:
        return BytesHeaderParser().parsebytes(self.raw)

    @cached_property
    def _whole(self) -> Message:
        try:
            return message_from_bytes(self.raw)
        except RecursionError:  # parts nested hundreds deep: shown as one body
            return self._head

    def _content(self, content_type: str) -> str | None:
        for part in self._whole.walk():
            if part.get_content_type() == content_type and part.get_content_disposition() != "attachment":
                return _text_of(part)
        return None


def _decoded(value: str) -> str:
    flat = _FOLD.sub("", value).encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    if "=?" not in flat:
        return flat
    try:
        return _clean(str(make_header(decode_header(flat))))
    except (MessageError, LookupError, ValueError):
        return flat


def _text_of(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return _clean(content.decode(part.get_content_charset("utf-8"), "replace"))
    except (LookupError, ValueError):  # a charset that does not exist, or that is no charset
        return content.decode("latin-1")


def _clean(text: str) -> str:
    """Without lone surrogates, which no UTF-8 writer takes."""
    return text.encode("utf-8", "replace").decode()
