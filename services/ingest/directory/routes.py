"""How operators hand in the directory over HTTP; bodies of any size, never wholly in memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

import psycopg
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from forewarn.access import TokenRole
from forewarn.contracts.api import ImportReport, Refusal
from forewarn.runtime.http import Guard, refuse
from services.ingest.directory.answering import Answer, answered
from services.ingest.directory.catalog import read_catalog
from services.ingest.directory.entries import Unreadable
from services.ingest.directory.how import How, Progress
from services.ingest.directory.people import Format, read_people
from services.ingest.directory.store import import_catalog, import_people

IN_MEMORY = 1024 * 1024  # bytes; what is longer waits in a file that has no name
MOST = 2 * 1024**3  # bytes

REFUSALS: dict[int | str, dict[str, Any]] = {413: {"model": Refusal}, 422: {"model": Refusal}}
DryRun = Annotated[bool, Query(description="Report what would be; write nothing.")]
Prune = Annotated[bool, Query(description="Remove what the file does not name.")]

Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]
Take = Callable[[BinaryIO, Progress], Answer]


def directory_routes(connect: Connect, require: Guard) -> APIRouter:
    """`PUT /v1/directory/catalog` and `PUT /v1/directory/people`, for operators."""
    operator = Depends(require(frozenset({TokenRole.OPERATOR})))
    router = APIRouter(prefix="/v1/directory", tags=["directory"], dependencies=[operator])

    @router.put("/catalog", responses=REFUSALS, response_model=ImportReport)
    async def put_catalog(request: Request, dry_run: DryRun = False, prune: Prune = False) -> Response:
        """Take over components and accounts from YAML documents as Backstage writes them."""
        return await _import("catalog", request, partial(_take_catalog, connect, How(dry_run, prune)))

    @router.put("/people", responses=REFUSALS, response_model=ImportReport)
    async def put_people(
        request: Request, format: Format = Format.CSV, dry_run: DryRun = False, prune: Prune = False
    ) -> Response:
        """Take over people from CSV or JSON lines."""
        return await _import("people", request, partial(_take_people, connect, format, How(dry_run, prune)))

    return router


def _take_catalog(connect: Connect, how: How, body: BinaryIO, progress: Progress) -> Answer:
    entries = read_catalog(body)
    if isinstance(entries, Unreadable):
        return _nothing(entries)
    with connect() as connection:
        return import_catalog(connection, entries, how, progress)


def _take_people(connect: Connect, format: Format, how: How, body: BinaryIO, progress: Progress) -> Answer:
    lines = read_people(body, format)
    if isinstance(lines, Unreadable):
        return _nothing(lines)
    with connect() as connection:
        return import_people(connection, lines, how, progress)


def _nothing(unreadable: Unreadable) -> Refusal:
    return Refusal(reason=f"nothing could be read: {unreadable.reason}")


async def _import(what: str, request: Request, take: Take) -> Response:
    """Receive the body whole before anything is applied, so that a broken upload changes nothing."""
    body = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - whoever reads it closes it
    try:
        progress = Progress(await _receive(request, body))
    except BaseException:
        body.close()
        raise

    def work() -> Answer:
        with body:
            return take(body, progress)

    return await answered(request, what, work, progress)


async def _receive(request: Request, body: BinaryIO) -> int:
    """How many lines there are."""
    size = lines = 0
    async for chunk in request.stream():
        size += len(chunk)
        lines += chunk.count(b"\n")
        if size > MOST:
            raise refuse(413, f"the body has more than {MOST} bytes; send it in parts")
        await run_in_threadpool(body.write, chunk)
    body.seek(0)
    return lines
