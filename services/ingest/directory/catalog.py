"""Read a catalog as Backstage writes it, with Forewarn's own accounts in it."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from pydantic import ValidationError

from forewarn.contracts.api import Fault
from forewarn.contracts.catalog import Metadata
from forewarn.contracts.directory import CatalogAccount, CatalogComponent, faults_in
from forewarn.contracts.references import key_of
from services.ingest.directory.documents import documents_in
from services.ingest.directory.entries import Entry, PassedOver, Refused, Unreadable, first_line

CatalogEntry = CatalogComponent | CatalogAccount
Document = Entry[CatalogEntry] | PassedOver | Refused | Fault
Catalog = Iterator[Document]

MODELS: dict[str, type[CatalogEntry]] = {
    "component": CatalogComponent,
    "resource": CatalogComponent,
    "account": CatalogAccount,
}
PASSED_OVER = frozenset({"system", "group", "user", "api", "domain", "location", "template"})


def read_catalog(stream: BinaryIO) -> Catalog | Unreadable:
    """Every document of a seekable stream; the second of two entries with one key is a fault."""
    first = first_line(stream)
    return first if isinstance(first, Unreadable) else _entries(stream)


def _entries(stream: BinaryIO) -> Catalog:
    seen: dict[tuple[type[CatalogEntry], str], int] = {}
    for document in documents_in(stream):
        entry = document if isinstance(document, Fault) else _entry(document)
        if isinstance(entry, Entry):
            earlier = seen.setdefault((type(entry.value), entry.value.key), entry.line)
            if earlier != entry.line:
                yield Refused(entry.line, f"{entry.value.key} is already named on line {earlier}", entry.value.key)
                continue
        yield entry


def _entry(document: Entry[Any]) -> Document:
    line, data = document.line, document.value
    if not isinstance(data, dict):
        return Fault(line=line, reason="not a mapping")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind.lower() not in MODELS.keys() | PASSED_OVER:
        return Fault(line=line, reason="kind must be Component, Resource or Account, or another of Backstage's")
    if kind.lower() in PASSED_OVER:
        return PassedOver(line)
    try:
        return Entry(line, MODELS[kind.lower()].model_validate(data))
    except ValidationError as fault:
        key = _key(data)
        return Refused(line, faults_in(fault), key) if key else Fault(line=line, reason=faults_in(fault))


def _key(data: dict[str, Any]) -> str | None:
    """Whom an entry is about, if nothing else of it can be read."""
    try:
        metadata = Metadata.model_validate(data.get("metadata"))
    except ValidationError:
        return None
    return key_of(metadata.name, metadata.namespace)
