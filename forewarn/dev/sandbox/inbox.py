"""The inbox page for people: read-only, safe however hostile the mail, and whole without JavaScript."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from pathlib import Path

from fastapi import APIRouter, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from forewarn.dev.sandbox.api import opened
from forewarn.dev.sandbox.letter import Letter
from forewarn.dev.sandbox.lines import Entry, Provider
from forewarn.dev.sandbox.record import Record

PAGES = Path(__file__).parent / "pages"
ROWS = 50
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'nonce-{nonce}'"
)


class View(StrEnum):
    """The ways to look at a message."""

    HTML = "html"
    TEXT = "text"
    HEADERS = "headers"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    n: int
    at: datetime
    to: str
    subject: str
    snippet: str


def inbox(record: Record) -> APIRouter:
    """The page's routes over the given record."""
    pages, router = _Pages(record), APIRouter()
    router.add_api_route("/", pages.front)
    router.add_api_route("/mail/{n}", pages.mail)
    router.add_api_route("/mail/{n}/html", pages.mail_html)
    router.add_api_route("/inbox.css", pages.style)
    return router


class _Pages:
    """Plain `def`s: FastAPI runs them in a thread beside the SMTP loop."""

    def __init__(self, record: Record) -> None:
        self._record, self._shelf = record, _Shelf(record)
        self._templates = Environment(
            loader=FileSystemLoader(PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def front(self, to: str = "", before: int | None = None) -> Response:
        return self._page("inbox.html.j2", to, before, open_n=None)

    def mail(self, n: int, to: str = "", before: int | None = None, view: View | None = None) -> Response:
        entry, letter = opened(self._record, n)
        view = view or (View.TEXT if letter.html is None else View.HTML)
        shown = {"entry": entry, "letter": letter, "view": view, "at": _at(entry)}
        return self._page("message.html.j2", to, before, open_n=n, **shown)

    def mail_html(self, n: int) -> Response:
        return _guarded(opened(self._record, n)[1].html or "", _MAIL_POLICY)

    def style(self) -> Response:
        return Response((PAGES / "inbox.css").read_bytes(), media_type="text/css")

    def _page(self, template: str, to: str, before: int | None, **shown: object) -> Response:
        rows, older = self._shelf.rows(to, before)
        nonce = secrets.token_urlsafe(16)
        asked = {"to": to, "before": before, "nonce": nonce}
        counted = {"accepted": self._record.accepted(), "webhooks": self._record.counted(Provider.WEBHOOK)}
        html = self._templates.get_template(template).render(rows=rows, older=older, **asked, **counted, **shown)
        return _guarded(html, _PAGE_POLICY.format(nonce=nonce))


class _Shelf:
    """Rows of the list; each message is parsed for it once while it is among the newest looked at."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._row = lru_cache(maxsize=2_000)(self._read_row)

    def rows(self, to: str, before: int | None) -> tuple[list[Row], int | None]:
        """The newest rows to a recipient that contains `to`, and where the older ones begin."""
        found = list(islice(self._record.newest(before, to.strip()), ROWS + 1))
        shown = [row for entry in found[:ROWS] if (row := self._row(entry.n))]
        return shown, found[ROWS - 1].n if len(found) > ROWS else None

    def _read_row(self, n: int) -> Row | None:
        """A message's row; None when it was emptied away in the meantime."""
        entry = self._record.find(n)
        raw = self._record.raw(entry) if entry else None
        if entry is None or raw is None:
            return None
        letter = Letter(raw)
        return Row(n, _at(entry), ", ".join(entry.recipients), letter.header("Subject") or "", letter.snippet)


def _at(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.accepted_at, UTC)


def _guarded(html: str, policy: str) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)
