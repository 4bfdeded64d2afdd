"""The way out of email: a page that asks, and the one-click request of RFC 8058 that acts at once."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import psycopg
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from psycopg.rows import scalar_row

from forewarn.contracts.addresses import Way

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
LANGUAGES = ("en", "de")

# Whose link it is. The lock waits for nothing but a prune that is just taking this reader out.
# An unsubscribe outlives any other reason: a bounce may be forgiven, this may not.
UNSUBSCRIBE = """
with reader as (select id from subscriber where token = %(token)s for key share), said as (
  insert into suppression as kept (subscriber_id, channel, reason)
  select id, %(channel)s, 'unsubscribed' from reader
  on conflict (subscriber_id, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason
)
select count(*) from reader
"""

# A token was of somebody, or never one: in one snapshot it is in one of the two tables.
EVER = """
select exists (select from departed where token = %(token)s) or exists (select from subscriber where token = %(token)s)
"""

# Nobody leaves and nobody comes back while this is held: an import takes it alone for its last steps.
STILL = "select pg_advisory_xact_lock_shared(hashtext('forewarn unsubscribe'))"

# The link in a mail of somebody who was pruned since works on: for whoever has the address now, and for them when they
# come back. All addresses are looked through, but once only: what is kept already was asked for by every import since.
UNSUBSCRIBE_DEPARTED = """
with reader as (select person, email from departed where token = %(token)s), news as (
  insert into suppression_kept as kept (hash, channel, reason)
  select hash, %(channel)s, 'unsubscribed' from reader cross join unnest(array[person, email]) as hash
  where hash is not null
  on conflict (hash, channel) do update set reason = excluded.reason, at = excluded.at
  where kept.reason <> excluded.reason
  returning hash
)
insert into suppression as kept (subscriber_id, channel, reason)
select a.subscriber_id, %(channel)s, 'unsubscribed'
from reader r
join news n on n.hash = r.email
join address a on a.channel = %(channel)s and forewarn_hash(a.channel, a.address) = n.hash
on conflict (subscriber_id, channel) do update set reason = excluded.reason, at = excluded.at
where kept.reason <> excluded.reason
"""

Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]


def unsubscribe_routes(connect: Connect, company: str = "") -> APIRouter:
    """`/u/{token}`: GET asks and changes nothing, POST acts. An unknown token reads the same page as a known one."""
    router = APIRouter(tags=["unsubscribe"])
    template = _template()

    @router.get("/u/{token}", response_class=HTMLResponse)
    def ask(token: str, request: Request) -> HTMLResponse:
        return _page(template, company, _language(request), done=False)

    @router.post("/u/{token}", response_class=HTMLResponse)
    def unsubscribe(token: str, request: Request) -> HTMLResponse:
        """Stop email. The body is not needed: whoever posts means it, mail programs and the page's button alike."""
        if TOKEN.fullmatch(token):
            with connect() as connection, connection.transaction(), connection.cursor(row_factory=scalar_row) as cursor:
                _unsubscribe(cursor, {"channel": Way.EMAIL.value, "token": token})
        return _page(template, company, _language(request), done=True)

    return router


def _unsubscribe(cursor: psycopg.Cursor[Any], said: dict[str, str]) -> None:
    """At once for whoever is there, or never was. Whoever left may be coming back just now: then it waits."""
    if cursor.execute(UNSUBSCRIBE, said).fetchone() or not cursor.execute(EVER, said).fetchone():
        return
    cursor.execute(STILL)
    if not cursor.execute(UNSUBSCRIBE, said).fetchone():
        cursor.execute(UNSUBSCRIBE_DEPARTED, said)


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("unsubscribe.html.j2")


def _language(request: Request) -> str:
    """The first language of the browser's list that the page is written in."""
    asked = request.headers.get("accept-language", "").lower().split(",")
    return next((part.strip()[:2] for part in asked if part.strip()[:2] in LANGUAGES), LANGUAGES[0])


def _page(template: Template, company: str, language: str, done: bool) -> HTMLResponse:
    nonce = token_urlsafe(16)
    html = template.render(company=company, language=language, done=done, nonce=nonce)
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'"
    headers = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Content-Language": language,
        "Vary": "Accept-Language",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",  # the address holds the token
        "X-Robots-Tag": "noindex, nofollow",
    }
    return HTMLResponse(html, headers=headers)
