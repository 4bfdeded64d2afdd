"""Findings, and the page that explains them."""

import re
from pathlib import Path

from forewarn.linter.finding import Code, Severity, finding

PAGE = (Path(__file__).parents[3] / "docs" / "linter.md").read_text(encoding="utf-8")


def test_every_code_has_one_row_below_its_severity() -> None:
    for severity in Severity:
        section = PAGE.partition(f"**{severity}**")[2].partition("\n**")[0]

        rows = re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)

        assert sorted(rows) == sorted(code for code in Code if finding(code, "note").severity is severity)


def test_a_sentence_agrees_with_how_many_words_it_is_about() -> None:
    one = finding(Code.JARGON, "cause", ("heap", "heap"))
    two = finding(Code.JARGON, "cause", ("heap", "jitter"))

    assert (one.what, two.what) == ('"heap" is a word of the trade.', '"heap" and "jitter" are words of the trade.')


def test_every_finding_is_one_plain_sentence_and_says_what_to_do() -> None:
    for code in Code:
        for words in (("x",), ("x", "y")):
            each = finding(code, "note", words)

            assert each.what.endswith(".") and each.todo.endswith(".")
            assert not re.search(r"[\[\]{}|]", each.what + each.todo)
