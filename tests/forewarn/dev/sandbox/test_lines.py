"""How a call of SES is kept."""

from typing import Any

from forewarn.dev.sandbox.lines import table, value_of

U = ["u@x"]


def entry(to: list[str], data: str | None, **headers: str) -> dict[str, Any]:
    content = {"ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": data}}} if data else {}
    destination = {"ToAddresses": to}
    return {
        "Destination": destination,
        "ReplacementHeaders": [{"Name": name, "Value": value} for name, value in headers.items()],
        **content,
    }


def test_what_all_entries_say_is_kept_once_and_read_for_each() -> None:
    kept = table([entry(U, "{}", A="x", B="1"), entry(["v@x"], "{}", A="x", B="2")], [U, ["v@x", "w@x"]])

    assert kept == {
        "to": ["u@x", ["v@x", "w@x"]],
        "shown": [None, "v@x"],
        "data": "{}",
        "headers": {"A": "x", "B": ["1", "2"]},
        "tags": {},
    }
    assert [[value_of(column, place) for column in kept["headers"].values()] for place in (0, 1)] == [
        ["x", "1"],
        ["x", "2"],
    ]


def test_what_one_entry_leaves_out_is_nothing_there() -> None:
    kept = table([entry(U, None), entry(U, "{}", A="x")], [U, U])

    assert [value_of(kept["headers"]["A"], place) for place in (0, 1)] == [None, "x"]
    assert [value_of(kept["data"], place) for place in (0, 1)] == [None, "{}"]
