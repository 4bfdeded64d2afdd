"""Reading people."""

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.contracts.addresses import Way
from forewarn.contracts.api import Fault
from services.ingest.directory.entries import MOST_IN_A_LINE, Entry, Refused, Unreadable
from services.ingest.directory.people import COLUMNS, Format, Line, read_people
from services.ingest.directory.rows import key_of


def read(body: bytes, format: Format = Format.CSV) -> list[Line]:
    found = read_people(BytesIO(body), format)
    assert not isinstance(found, Unreadable), found.reason
    return list(found)


def unreadable(body: bytes, format: Format = Format.CSV) -> str:
    found = read_people(BytesIO(body), format)
    assert isinstance(found, Unreadable)
    return found.reason


def lines(found: list[Line]) -> list[tuple[int, str]]:
    return [(e.line, key_of(e.value) if isinstance(e, Entry) else e.reason) for e in found]


def test_a_bad_line_is_reported_with_its_number_and_the_good_ones_kept() -> None:
    body = b'id,role,name\n\n1,support,"A ""B"" C"\r\n2,boss,\n3,support,"open\n4,support,\xff\n5,support\n6,support,\n'

    found = lines(read(body))

    assert [line for line, _ in found] == [3, 4, 5, 6, 7, 8]
    assert [said for _, said in found][0::5] == ["1", "6"]
    assert "role" in found[1][1] and "not CSV" in found[2][1] and "not UTF-8" in found[3][1]
    assert found[4][1] == "has 2 cells, the header line has 3"


def test_a_spreadsheets_byte_order_mark_and_line_endings_are_no_fault() -> None:
    assert lines(read(b"\xef\xbb\xbfID , Role\r\n1,support\r\n")) == [(2, "1")]


def test_lists_are_separated_by_semicolons() -> None:
    (entry,) = read(b"id,role,accounts,consents\n1,customer, Nordwind ;account:kranich;,email;sms\n")

    assert isinstance(entry, Entry)
    assert entry.value["accounts"] == ("nordwind", "kranich")
    assert entry.value["consents"] == (Way.EMAIL, Way.SMS)


def test_an_empty_cell_says_nothing_and_none_takes_consent_back() -> None:
    first, second = read(b"id,role,consents\n1,support,\n1,support,none\n")

    assert isinstance(first, Entry) and "consents" not in first.value
    assert isinstance(second, Entry) and second.value["consents"] == ()


def test_json_lines_are_read_like_csv() -> None:
    body = b'{"id": "1", "role": "customer", "accounts": ["a"], "name": null}\n\n[1]\n{"id": 2}\n{"role"\n'

    found = lines(read(body, Format.JSONL))

    assert found[0] == (1, "1")
    assert [line for line, _ in found[1:]] == [3, 4, 5]


@pytest.mark.parametrize("body", [b"", b"\n \n", b"\xff\xfe\x00", b"role\n", b"id,role,id\n", b'"id,role\n'])
def test_what_has_no_proper_header_line_is_not_read_at_all(body: bytes) -> None:
    assert unreadable(body)


def test_unknown_columns_are_named_with_the_known_ones() -> None:
    reason = unreadable(b"id,role,acounts,mail\n")

    assert "'acounts', 'mail'" in reason
    assert all(column in reason for column in COLUMNS)


def test_csv_sent_as_json_lines_is_not_read_at_all() -> None:
    assert "format=csv" in unreadable(b"id,role\n1,support\n", Format.JSONL)


def test_an_endless_line_is_one_fault() -> None:
    body = b"id,role\n" + b"x" * (3 * MOST_IN_A_LINE + 7) + b"\n2,support\n"

    assert lines(read(body)) == [(2, f"longer than {MOST_IN_A_LINE} bytes"), (3, "2")]


cells = st.sampled_from(["", "1", "support", "customer", '"', ";", "a@b.example", "none", "\x00", "\ud7ff", "22:00"])
rows = st.lists(st.lists(cells | st.text(max_size=5), max_size=17).map(",".join), max_size=5).map("\n".join)


@given(st.binary() | rows.map(lambda text: (",".join(COLUMNS) + "\n" + text).encode()), st.sampled_from(Format))
def test_no_input_crashes_the_reader_of_people(body: bytes, format: Format) -> None:
    found = read_people(BytesIO(body), format)

    assert isinstance(found, Unreadable) or all(isinstance(entry, Entry | Refused | Fault) for entry in found)


numbers = st.integers(min_value=-(2**53), max_value=2**53)
values = st.recursive(st.none() | st.booleans() | numbers | st.text(max_size=5), st.lists, max_leaves=4)


@given(st.dictionaries(st.sampled_from(COLUMNS) | st.text(max_size=3), values))
def test_no_json_crashes_the_reader_of_people(data: dict[str, object]) -> None:
    assert len(read(json.dumps(data).encode(), Format.JSONL)) == 1
