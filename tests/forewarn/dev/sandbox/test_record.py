"""The record file, across readers, restarts and kills."""

from pathlib import Path
from smtplib import SMTP, SMTPException

import pytest

from forewarn.dev.sandbox.client import Sandbox
from forewarn.dev.sandbox.record import Record

TEMPLATE = {"Template": {"TemplateContent": {"Subject": "s", "Text": "t"}}}


def write(record: Record, to: str, raw: bytes = b"hello\r\n") -> int:
    return record.write(accepted_at=1.5, connection=1, sender="a@b.example", recipients=[to], raw=raw)


def bulk(record: Record, *to: str) -> int:
    entries = [{"Destination": {"ToAddresses": [each]}} for each in to]
    common = {"FromEmailAddress": "a@b.example", "DefaultContent": TEMPLATE}
    return record.write_bulk(accepted_at=1.5, connection=1, common=common, entries=entries, to=[[each] for each in to])


def test_any_byte_comes_back_as_it_was(tmp_path: Path) -> None:
    every_byte = bytes(range(256)) * 3
    record = Record(tmp_path / "record.jsonl")

    entry = record.find(write(record, "u@x.example", every_byte))

    assert entry and record.raw(entry) == every_byte
    record.close()


def test_without_a_path_bodies_are_kept_all_the_same() -> None:
    record = Record(None)

    numbers = [write(record, f"u{n}@x.example", b"body %d" % n) for n in range(3)]

    assert [record.raw(entry) for n in numbers if (entry := record.find(n))] == [b"body 0", b"body 1", b"body 2"]
    record.close()


def test_a_record_is_continued_less_a_line_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    first = Record(path)
    write(first, "u@x.example")
    whole = path.read_bytes()
    first.close()
    path.write_bytes(whole + b'{"n":2,"accepted_at":1.5,"conn')

    second = Record(path)

    assert path.read_bytes() == whole
    assert write(second, "v@x.example") == 2
    assert [entry.recipients for entry in second.mails()] == [("u@x.example",), ("v@x.example",)]
    second.close()


def test_an_emptied_record_is_empty_on_disk_too_and_never_reuses_a_number(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.jsonl")
    write(record, "u@x.example")
    stale = record.find(bulk(record, "w@x.example"))

    record.empty()
    n = write(record, "v@x.example")

    assert n == 3 and record.accepted() == record.recipients_distinct() == 1
    assert (tmp_path / "record.jsonl").read_bytes().count(b"\n") == 1
    assert stale and record.raw(stale) is None and record.find(1) is record.find(2) is None
    record.close()


def test_recipients_are_counted_once_whatever_their_case(tmp_path: Path) -> None:
    record = Record(None)

    for to in ("u@x.example", "U@X.example", "v@x.example"):
        write(record, to)

    assert (record.accepted(), record.recipients_distinct()) == (3, 2)
    record.close()


def test_each_entry_of_a_call_has_a_number_and_a_mail_of_its_own(tmp_path: Path) -> None:
    record = Record(None)
    write(record, "u@x.example")

    first = bulk(record, "v@x.example", "w@x.example")
    after = write(record, "V@x.example")

    assert (first, after, record.accepted(), record.recipients_distinct()) == (2, 4, 4, 3)
    assert [entry.recipients[0] for entry in record.mails(after=2)] == ["w@x.example", "V@x.example"]
    assert [entry.n for entry in record.mails(to="v@X.example")] == [2, 4]
    assert [entry.n for entry in record.newest(before=4, holding="X.EXAMPLE")] == [3, 2, 1]
    assert [record.find(n) is not None for n in range(6)] == [False, True, True, True, True, False]
    record.close()


def test_one_content_is_written_once_however_many_calls_share_it(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    first = Record(path)
    bulk(first, "u@x.example")
    first.close()

    second = Record(path)
    last = second.find(bulk(second, "v@x.example"))

    assert path.read_bytes().count(b'"TemplateContent"') == 1
    assert last and b"Subject: s\r\n" in (second.raw(last) or b"")
    second.close()


@pytest.mark.slow
def test_every_answered_message_survives_a_kill(tmp_path: Path) -> None:
    answered = []
    with Sandbox.start(tmp_path) as doomed, SMTP(doomed.smtp_host, doomed.smtp_port, timeout=5) as relay:
        for n in range(40):
            relay.sendmail("a@acme.example", [f"u{n}@x.example"], b"Subject: hello\r\n\r\n")
            answered.append(f"u{n}@x.example")
        doomed.kill()
        try:
            relay.sendmail("a@acme.example", ["late@x.example"], b"\r\n")
        except SMTPException:
            relay.close()

    with Sandbox.start(tmp_path) as risen:
        assert [mail.recipients[0] for mail in risen.messages()] == answered
        assert risen.messages()[-1].n == 40
