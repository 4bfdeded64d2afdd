"""Every acceptance, read from the file."""

import tracemalloc
from pathlib import Path
from typing import Any

from forewarn.dev.sandbox.acceptances import Acceptance, acceptances
from forewarn.dev.sandbox.lines import Posted, Provider
from forewarn.dev.sandbox.record import Record

COMMON = {"FromEmailAddress": "a@b.example", "DefaultContent": {"Template": {"TemplateContent": {"Text": "t"}}}}


def bulk(record: Record, *ids: str | None, to: list[str] | None = None) -> None:
    addresses = to or [f"u{n}@x.example" for n in range(len(ids))]
    entries: list[dict[str, Any]] = [
        {
            "Destination": {"ToAddresses": [address]},
            "ReplacementHeaders": [{"Name": "X-Forewarn-Id", "Value": each}] if each else [],
        }
        for address, each in zip(addresses, ids, strict=True)
    ]
    record.write_bulk(accepted_at=2.5, connection=1, common=COMMON, entries=entries, to=[[each] for each in addresses])


def test_each_provider_s_acceptances_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    record = Record(tmp_path / "r")
    mail = b"Subject: x\r\nMessage-ID: <c0ffee.7@acme.example>\r\n\r\nMessage-ID: <not.9@this>\r\n"

    record.write(accepted_at=1.5, connection=1, sender="a@b.example", recipients=["ada@x.example"], raw=mail)
    bulk(record, "c0ffee.8", "c0ffee.9", to=["bo@x.example", "cy@x.example"])
    record.write_webhook(
        accepted_at=3.5, connection=2, posted=Posted(host="h", path="/p", headers={"webhook-id": "beef.7"}, body="{}")
    )
    record.close()

    assert list(acceptances(tmp_path / "r")) == [
        Acceptance(Provider.SMTP, "c0ffee", 7, "ada@x.example", 1.5),
        Acceptance(Provider.SES, "c0ffee", 8, "bo@x.example", 2.5),
        Acceptance(Provider.SES, "c0ffee", 9, "cy@x.example", 2.5),
        Acceptance(Provider.WEBHOOK, "beef", 7, "h/p", 3.5),
    ]


def test_what_is_not_ours_is_told_without_notice_and_subscriber(tmp_path: Path) -> None:
    record = Record(tmp_path / "r")

    record.write(accepted_at=1.5, connection=1, sender="", recipients=["u@x.example"], raw=b"no header")
    bulk(record, None, "c0ffee.8", "words")
    record.close()

    assert [(each.notice, each.subscriber_id) for each in acceptances(tmp_path / "r")] == [
        ("", 0),
        ("", 0),
        ("c0ffee", 8),
        ("", 0),
    ]


def test_a_line_that_is_still_being_written_is_left(tmp_path: Path) -> None:
    record = Record(tmp_path / "r")
    bulk(record, "c0ffee.1")
    record.close()
    with (tmp_path / "r").open("ab") as file:
        file.write(b'{"n":2,"accepted_at":')

    assert [each.subscriber_id for each in acceptances(tmp_path / "r")] == [1]


def test_memory_is_flat_for_writer_and_reader(tmp_path: Path) -> None:
    record = Record(tmp_path / "r")
    tracemalloc.start()

    for call in range(400):
        bulk(record, *(f"c0ffee.{call * 50 + n}" for n in range(50)))
    written = tracemalloc.get_traced_memory()[0]
    read = sum(1 for _ in acceptances(tmp_path / "r"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    record.close()

    assert read == 20_000 == record.accepted()
    assert written < 20_000 * 20  # bytes; eight a recipient, and what arrays keep ahead
    assert peak < written + 1_000_000
