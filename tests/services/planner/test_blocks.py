"""Light marks become blocks; what is stated never makes one."""

from hypothesis import given
from hypothesis import strategies as some

from services.planner.blocks import BREAK, GUARD, Kind, one_line, parse, plain, quoted, said

MARKED = """
A paragraph
on two lines.

## A heading
- one
- two
[Cause] A long
cause.
[End] soon
"""


def kinds(text: str) -> list[tuple[Kind, list[str]]]:
    return [(run.kind, [b.lines[0] for b in run.blocks]) for passage in parse(text) for run in passage.runs]


def test_marks_make_blocks() -> None:
    assert kinds(MARKED) == [
        (Kind.PARAGRAPH, ["A paragraph on two lines."]),
        (Kind.HEADING, ["A heading"]),
        (Kind.ITEM, ["one", "two"]),
        (Kind.FACT, ["A long cause.", "soon"]),
    ]


def test_a_quotation_keeps_its_blocks() -> None:
    passages = parse("Before\n" + quoted(MARKED) + "\n\nAfter")

    assert [passage.quoted for passage in passages] == [False, True, False]
    assert [run.kind for run in passages[1].runs] == [Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM, Kind.FACT]


@given(some.text(), some.sampled_from(["", "## ", "- ", "> ", "[x] ", "\n\n## "]))
def test_what_is_stated_is_one_paragraph_whatever_it_holds(text: str, mark: str) -> None:
    stated = said(mark + text)

    runs = [run for passage in parse(stated or "") for run in passage.runs]

    assert [(run.kind, len(run.blocks)) for run in runs] == ([(Kind.PARAGRAPH, 1)] if stated else [])
    assert not any(passage.quoted for passage in parse(stated or ""))


@given(some.text())
def test_a_line_is_one_line_and_free_of_marks_once_read(text: str) -> None:
    line = plain(one_line(text))

    assert line == " ".join(line.split())
    assert BREAK not in line and GUARD not in line


def test_paragraphs_of_a_person_are_kept_and_gaps_do_not_grow() -> None:
    (passage,) = parse(said("One.\r\n\r\n\r\n\r\nTwo.\nThree.") or "")

    assert passage.runs[0].blocks[0].lines == ("One.", "", "Two.", "Three.")


def test_a_space_that_does_not_break_is_a_space() -> None:
    assert plain(one_line("paiement\u00a0:\u202fcarte")) == "paiement : carte"


def test_nothing_stated_is_nothing() -> None:
    assert said(None) is said("") is said(" \n\u200b ") is None
