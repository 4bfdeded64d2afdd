"""Lines are wrapped, links can be followed, nothing unescaped gets into HTML."""

from hypothesis import given
from hypothesis import strategies as some

from forewarn.content import slot
from services.planner.letters import linked, wrapped


def test_a_line_is_wrapped_with_its_margins() -> None:
    assert wrapped("one two three four", "- ", "  ", 11) == "- one two\n  three\n  four"


def test_a_slot_is_never_broken_and_counts_as_a_time() -> None:
    rows = wrapped(f"{'word ' * 12}{slot('t0')} end", columns=76).split("\n")

    assert rows[1] == f"{slot('t0')} end"


def test_a_link_is_never_broken() -> None:
    link = "https://acme.example/" + "a" * 170

    assert link in wrapped(f"See {link} for more").split("\n")


def test_an_overlong_word_is_broken() -> None:
    assert max(map(len, wrapped("x" * 4000).split("\n"))) == 160


def test_addresses_become_links_without_what_follows_them() -> None:
    html = linked("See https://acme.example/a?b=1&c=2, or write to help@acme.example.")

    assert '<a\nhref="https://acme.example/a?b=1&amp;c=2"\n>https://acme.example/a?b=1&amp;c=2</a>, or' in html
    assert '<a\nhref="mailto:help@acme.example"\n>help@acme.example</a>.' in html


def test_only_the_web_and_mail_are_linked() -> None:
    assert "<a" not in linked("javascript:alert(1) file:///etc/passwd data:text/html,x")


@given(some.text())
def test_whatever_is_written_is_escaped(text: str) -> None:
    bare = linked(text).replace("<a\nhref=", "").replace("\n>", "").replace("</a>", "")

    assert "<" not in bare
