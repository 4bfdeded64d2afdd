"""Every provider call as a JSON line, written before its client hears yes: true even after a kill."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import orjson

from forewarn.dev.sandbox.index import Index
from forewarn.dev.sandbox.journal import Journal, Place
from forewarn.dev.sandbox.lines import Entry, Line, Posted, Provider, mails_of, provider_of, recipients_of, table
from forewarn.dev.sandbox.ses.letter import letter


class Record:
    """An index in memory, the bodies in a journal; an existing one is continued. One thread writes, any may read."""

    def __init__(self, path: Path | None) -> None:
        self._journal, self._last = Journal(path), 0
        self._forget()
        for line, place in self._journal.replay():
            if "call" in line:
                self._common[line["common"]] = place
            else:
                self._keep(cast(Line, line), place, recipients_of(cast(Line, line)))

    def write(self, *, accepted_at: float, connection: int, sender: str, recipients: Sequence[str], raw: bytes) -> int:
        """Append one mail by SMTP and return its number; on OSError nothing of it stays behind."""
        to = list(recipients)
        line = self._line(accepted_at, connection) | {"from": sender, "to": to, "raw": raw.decode("latin-1")}
        return self._append(cast(Line, line), [to])

    def write_bulk(
        self,
        *,
        accepted_at: float,
        connection: int,
        common: Mapping[str, Any],
        entries: Sequence[Mapping[str, Any]],
        to: Sequence[Sequence[str]],
    ) -> int:
        """Append one SES call, `common` being all of it but its entries; the number of the first of them."""
        call = orjson.dumps(common)
        name = blake2b(call, digest_size=8).hexdigest()
        own = {"from": common.get("FromEmailAddress", ""), "common": name, "entries": table(entries, to)}
        if name not in self._common:
            self._common[name] = self._journal.append(b'{"common":"%s","call":%s}\n' % (name.encode(), call))
        return self._append(cast(Line, self._line(accepted_at, connection) | own), to)

    def write_webhook(self, *, accepted_at: float, connection: int, posted: Posted) -> int:
        """Append one webhook and return its number."""
        return self._append(cast(Line, self._line(accepted_at, connection) | {"webhook": posted}), [])

    def empty(self) -> None:
        """Forget everything, in the file too; numbers go on, so that a reader's `after` stays right."""
        self._journal.empty()
        self._forget()

    def mails(self, after: int = 0, to: str = "") -> Iterator[Entry]:
        """Mails accepted after number `after`, oldest first; `to` is a whole address in any case."""
        index, wanted = self._index, to.lower()
        start = max(0, index.row_of(after))
        for row in index.rows_to(to, start) if to else range(start, len(index)):
            for entry in self._mails_at(index, row):
                if entry.n > after and (not to or any(wanted == each.lower() for each in entry.recipients)):
                    yield entry

    def newest(self, before: int | None, holding: str) -> Iterator[Entry]:
        """Mails accepted before that number (None: all), newest first, to an address that holds this text."""
        index, wanted = self._index, holding.lower()
        last = len(index) - 1 if before is None else index.row_of(before - 1)
        for row in range(last, -1, -1):
            for entry in reversed(list(self._mails_at(index, row))):
                if (before is None or entry.n < before) and any(wanted in each.lower() for each in entry.recipients):
                    yield entry

    def webhooks(self, after: int = 0) -> Iterator[Line]:
        """Webhooks accepted after that number, oldest first."""
        index = self._index
        for row in range(index.row_of(after) + 1, len(index)):
            if index.kind(row) is Provider.WEBHOOK and (line := self._read(index, row)):
                yield line

    def find(self, n: int) -> Entry | None:
        """The mail of that number; None when there is none, or no more."""
        index = self._index
        row = index.row_of(n)
        return next((each for each in self._mails_at(index, row) if each.n == n), None) if row >= 0 else None

    def raw(self, entry: Entry) -> bytes | None:
        """The mail's bytes: by SMTP as they came in, by SES as the model renders them; None when emptied away."""
        if entry.provider is Provider.SMTP:
            return entry.line["raw"].encode("latin-1")
        name = entry.line["common"]
        place = self._common.get(name)
        common = self._journal.read(place) if place else None
        return letter(common["call"], entry) if common and common.get("common") == name else None

    def accepted(self) -> int:
        """How many mails."""
        return self._index.accepted(Provider.SMTP, Provider.SES)

    def counted(self, kind: Provider) -> int:
        return self._index.accepted(kind)

    def recipients_distinct(self) -> int:
        return self._index.distinct()

    def close(self) -> None:
        self._journal.close()

    def _forget(self) -> None:
        self._index, self._common = Index(), dict[str, Place]()

    def _line(self, accepted_at: float, connection: int) -> dict[str, Any]:
        return {"n": self._last + 1, "accepted_at": accepted_at, "connection": connection}

    def _append(self, line: Line, recipients: Sequence[Sequence[str]]) -> int:
        place = self._journal.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self._keep(line, place, recipients)
        return line["n"]

    def _keep(self, line: Line, place: Place, recipients: Sequence[Sequence[str]]) -> None:
        self._index.add(provider_of(line), line["n"], place, recipients)
        self._last = line["n"] + max(0, len(recipients) - 1)

    def _mails_at(self, index: Index, row: int) -> Iterator[Entry]:
        if index.kind(row) is not Provider.WEBHOOK and (line := self._read(index, row)):
            yield from mails_of(line)

    def _read(self, index: Index, row: int) -> Line | None:
        """A row's line; None when it was emptied away in the meantime."""
        line = self._journal.read(index.place(row))
        return cast(Line, line) if line and line.get("n") == index.first(row) else None
