"""The inbox page: what a person sees, and what a hostile mail cannot do to them."""

import re
from smtplib import SMTP

import urllib3

from forewarn.dev.sandbox.client import Sandbox

HOSTILE = (
    b"From: <script>from()</script>@x\r\nSubject: <img src=x onerror=subject()>\r\n"
    b"X-Any: <script>header()</script>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\n</pre><script>text()</script>\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>snip&lt;script&gt;pet()</p><script>html()</script>\r\n--b--\r\n"
)


def page(sandbox: Sandbox, path: str) -> urllib3.BaseHTTPResponse:
    answer = urllib3.request("GET", sandbox.url + path)
    assert answer.status == 200
    return answer


def html(sandbox: Sandbox, path: str) -> str:
    return page(sandbox, path).data.decode()


def policy(answer: urllib3.BaseHTTPResponse) -> dict[str, str]:
    rules = (rule.strip().partition(" ") for rule in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in rules}


def deliver(sandbox: Sandbox, relay: SMTP, raw: bytes, *recipients: str) -> int:
    for to in recipients or ("u@x.example",):
        relay.sendmail("a@acme.example", [to], raw)
    return sandbox.messages()[-1].n


def test_the_page_says_that_it_is_a_model(sandbox: Sandbox) -> None:
    assert "A model of providers" in html(sandbox, "/")


def test_the_page_runs_no_script_of_a_mail(sandbox: Sandbox, relay: SMTP) -> None:
    n = deliver(sandbox, relay, HOSTILE)

    for path in ("/", *(f"/mail/{n}?view={view}" for view in ("text", "html", "headers"))):
        shown = page(sandbox, path)
        own = re.findall(r"<script([^>]*)>", shown.data.decode())
        nonce = policy(shown)["script-src"].removeprefix("'nonce-").removesuffix("'")
        assert own == [f' nonce="{nonce}"'], path
        assert b"<img" not in shown.data
    assert "&lt;/pre&gt;&lt;script&gt;text()" in html(sandbox, f"/mail/{n}?view=text")


def test_html_of_a_mail_is_sandboxed_in_its_frame_and_on_its_own(sandbox: Sandbox, relay: SMTP) -> None:
    n = deliver(sandbox, relay, HOSTILE)

    (frame,) = re.findall(r"<iframe[^>]*>", html(sandbox, f"/mail/{n}"))
    alone = page(sandbox, f"/mail/{n}/html")

    assert 'sandbox=""' in frame and f'src="/mail/{n}/html"' in frame
    assert policy(alone) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "frame-ancestors": "'self'",
        "sandbox": "",
    }
    assert alone.headers["x-content-type-options"] == "nosniff"


def test_every_page_is_fresh_under_its_own_nonce(sandbox: Sandbox) -> None:
    assert policy(page(sandbox, "/"))["script-src"] != policy(page(sandbox, "/"))["script-src"]


def test_the_filter_works_without_javascript(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(sandbox, relay, b"Subject: for ana\r\n\r\n", "ana@x.example")
    deliver(sandbox, relay, b"Subject: for bo\r\n\r\n", "bo@x.example")

    shown = html(sandbox, "/?to=ANA")

    assert "for ana" in shown and "for bo" not in shown
    assert re.search(r'<form[^>]*action="/" method="get"', shown)
    assert re.search(r'<label for="to">', shown) and re.search(r'<input id="to" name="to"', shown)


def test_a_filter_is_shown_as_text(sandbox: Sandbox) -> None:
    shown = html(sandbox, '/?to="><script>x()</script>')

    assert "<script>x()" not in shown and "&lt;script&gt;x()" in shown


def test_a_row_shows_the_preheader_and_not_the_style(sandbox: Sandbox, relay: SMTP) -> None:
    mail = b"Content-Type: text/html\r\n\r\n<style>p{color:red}</style><div>Soon &amp; safe</div><p>Body</p>"
    deliver(sandbox, relay, mail)

    assert '<span class="snippet">Soon &amp; safe Body</span>' in html(sandbox, "/")


def test_older_messages_are_one_page_away(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(sandbox, relay, b"Subject: x\r\n\r\n", *(f"u{n:02}@x.example" for n in range(52)))

    newest = html(sandbox, "/")
    (older,) = re.findall(r'href="(/\?to=&amp;before=\d+)">Older', newest)
    oldest = html(sandbox, older.replace("&amp;", "&"))

    seen = [re.findall(r'<span class="to">(u\d\d)@', each) for each in (newest, oldest)]
    assert [len(each) for each in seen] == [50, 2]
    assert seen[0][0] == "u51" and seen[1] == ["u01", "u00"]


def test_a_message_without_html_opens_as_text(sandbox: Sandbox, relay: SMTP) -> None:
    n = deliver(sandbox, relay, b"Subject: x\r\n\r\nplain words")

    assert '<pre class="text">plain words' in html(sandbox, f"/mail/{n}")
    assert "This message has no HTML part." in html(sandbox, f"/mail/{n}?view=html")


def test_an_entry_for_the_calendar_is_shown_as_text(sandbox: Sandbox, relay: SMTP) -> None:
    raw = b"Content-Type: text/calendar; method=PUBLISH\r\n\r\nBEGIN:VCALENDAR\r\nSUMMARY:<script>ics()</script>\r\n"

    shown = html(sandbox, f"/mail/{deliver(sandbox, relay, raw)}")

    assert "text/calendar; method=PUBLISH" in shown
    assert "SUMMARY:&lt;script&gt;ics()" in shown and "<script>ics" not in shown
