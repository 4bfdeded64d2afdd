"""The record file, across readers, restarts and kills."""

from pathlib import Path
from smtplib import SMTP, SMTPException

from forewarn.dev.sandbox.client import Sandbox
from forewarn.dev.sandbox.record import Record


def write(record: Record, to: str, raw: bytes = b"hello\r\n") -> int:
    return record.write(accepted_at=1.5, connection=1, sender="a@b.example", recipients=[to], raw=raw)


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
    assert [entry.recipients for entry in second.after(0)] == [("u@x.example",), ("v@x.example",)]
    second.close()


def test_an_emptied_record_is_empty_on_disk_too_and_never_reuses_a_number(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.jsonl")
    stale = record.find(write(record, "u@x.example"))

    record.empty()
    n = write(record, "v@x.example")

    assert n == 2 and record.accepted() == record.recipients_distinct() == 1
    assert (tmp_path / "record.jsonl").read_bytes().count(b"\n") == 1
    assert stale and record.raw(stale) is None and record.find(1) is None
    record.close()


def test_recipients_are_counted_once_whatever_their_case(tmp_path: Path) -> None:
    record = Record(None)

    for to in ("u@x.example", "U@X.example", "v@x.example"):
        write(record, to)

    assert (record.accepted(), record.recipients_distinct()) == (3, 2)
    record.close()


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
