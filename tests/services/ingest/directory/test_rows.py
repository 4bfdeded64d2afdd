"""The quick reader of rows, and that it has no rules of its own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from forewarn.contracts.directory import Person, faults_in
from forewarn.contracts.event import Line
from services.ingest.directory.rows import REPEATED, Rows, _plain

texts = st.sampled_from(
    ["1", " 1 ", "crm\u00a07", "Ada L.", "a\tb", "x" * 201, "support", "customer", "owner", "a@x.example",
     "A@x.example",
     "+49 30 901820", "https://x.example/h", "22:00", "25:00", "de-CH", "Europe/Berlin", "Mars", "", "\u2028", "\ue000"]
)  # fmt: skip
lists = st.lists(st.sampled_from(["nordwind", "Account:nordwind", "no spaces", "email", "sms", 7]), max_size=2)
likely = st.fixed_dictionaries(
    {"role": st.sampled_from(["customer", "support", "owner", "internal", "boss"])},
    optional={
        "id": texts, "email": st.sampled_from(["a@x.example", "x"]), "name": texts, "accounts": lists, "teams": lists,
        "components": lists, "consents": lists, "quiet_from": st.just("22:00"), "quiet_to": texts,
    },
)  # fmt: skip
wild = st.dictionaries(st.sampled_from([*Person.model_fields, "colour"]), texts | lists | st.integers())


def as_the_model_reads(given: dict[str, Any]) -> dict[str, Any] | str:
    try:
        person = Person.model_validate(given)
    except ValidationError as fault:
        return faults_in(fault)
    return {name: getattr(person, name) for name in person.model_fields_set}


@given(st.lists(likely | wild, max_size=12))
def test_every_row_is_read_as_the_model_reads_it_whatever_was_read_before(given: list[dict[str, Any]]) -> None:
    rows = Rows(lambda _, value: value)

    assert [rows.read(row) for row in given] == [as_the_model_reads(row) for row in given]


def test_a_row_of_a_shape_known_before_is_still_read_as_the_model_reads_it() -> None:
    rows = Rows(lambda _, value: value)
    whole: dict[str, Any] = {"id": "1", "role": "customer", "accounts": ["nordwind"]}
    rows.read(whole)

    spoils: tuple[dict[str, Any], ...] = (
        {"accounts": []},
        {"role": "owner"},
        {"role": "boss"},
        {"id": ""},
        {"colour": "red"},
        {"email": "x"},
    )

    for spoilt in spoils:
        assert rows.read(whole | spoilt) == as_the_model_reads(whole | spoilt)


def test_words_that_are_taken_unasked_are_taken_as_they_stand_by_their_rule() -> None:
    rule = TypeAdapter(Line)
    every = (chr(code) for code in range(0x110000))

    plain = [character for character in every if _plain(character)]

    assert 100_000 < len(plain) < 200_000
    assert all(rule.validate_python(character) == character for character in plain)


@given(st.text())
def test_plain_words_are_taken_as_they_stand(words: str) -> None:
    if _plain(words):
        assert TypeAdapter(Line).validate_python(words) == words


def test_what_is_remembered_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.directory.rows.MOST_REMEMBERED", 10)
    rows = Rows(lambda _, value: value)

    for n in range(100):
        rows.read({"id": str(n), "role": "customer", "accounts": f"a-{n}", "locale": "en"})
        rows.field("accounts", {"accounts": f"a-{n}"})
        rows.field("locale", {"locale": f"e{chr(97 + n % 26)}-{n:02d}"})

    assert max(len(rows._known[name]) for name in REPEATED) <= 10
