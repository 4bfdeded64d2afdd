"""Plain substitution."""

import pytest

from forewarn.dev.sandbox.ses.template import faulty, rendered, tags


def test_values_come_in_as_they_are() -> None:
    assert rendered("{{ a }}{{{b}}} {{c}}", {"a": "<i>", "b": "{{a}}"}) == "<i>{{a}} {{c}}"


def test_a_template_asks_for_its_names() -> None:
    assert tags("{{a}} { {b} } {{{ c_1 }}} {{a}}") == {"a", "c_1"}


@pytest.mark.parametrize("text", ["{{#if a}}", "{{a", "{{a b}}", "{{}}", "{{{a}}", "{{a}}}", "{{{{a}}}}", "{{{"])
def test_any_other_use_of_braces_is_a_fault(text: str) -> None:
    assert faulty(text) and not faulty(text.replace("{", "(").replace("}", ")"))


def test_braces_that_open_nothing_are_text() -> None:
    text = "@media print{a{color:red}} { {b} } {{a}} }}"

    assert not faulty(text) and rendered(text, {"a": "x"}) == "@media print{a{color:red}} { {b} } x }}"
