"""How operators hand in the directory over HTTP; bodies of any size, never wholly in memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import psycopg
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool

from forewarn.access import TokenRole
from forewarn.contracts.api import ImportReport, Refusal
from forewarn.runtime.http import Guard, refuse
from forewarn.runtime.logs import logger
from services.ingest.directory.catalog import read_catalog
from services.ingest.directory.entries import Unreadable
from services.ingest.directory.people import Format, read_people
from services.ingest.directory.store import import_catalog, import_people

IN_MEMORY = 1024 * 1024  # bytes; what is longer waits in a file that has no name
MOST = 2 * 1024**3  # bytes

REFUSALS: dict[int | str, dict[str, Any]] = {413: {"model": Refusal}, 422: {"model": Refusal}}

Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]
Answer = ImportReport | Unreadable

log = logger(__name__)


def directory_routes(connect: Connect, require: Guard) -> APIRouter:
    """`PUT /v1/directory/catalog` and `PUT /v1/directory/people`, for operators."""
    operator = Depends(require(frozenset({TokenRole.OPERATOR})))
    router = APIRouter(prefix="/v1/directory", tags=["directory"], dependencies=[operator])

    @router.put("/catalog", responses=REFUSALS)
    async def put_catalog(request: Request) -> ImportReport:
        """Take over components and accounts from YAML documents as Backstage writes them."""
        return await _import("catalog", request, partial(_take_catalog, connect))

    @router.put("/people", responses=REFUSALS)
    async def put_people(request: Request, format: Format = Format.CSV) -> ImportReport:
        """Take over people from CSV or JSON lines."""
        return await _import("people", request, partial(_take_people, connect, format))

    return router


def _take_catalog(connect: Connect, body: BinaryIO) -> Answer:
    entries = read_catalog(body)
    if isinstance(entries, Unreadable):
        return entries
    with connect() as connection:
        return import_catalog(connection, entries)


def _take_people(connect: Connect, format: Format, body: BinaryIO) -> Answer:
    entries = read_people(body, format)
    if isinstance(entries, Unreadable):
        return entries
    with connect() as connection:
        return import_people(connection, entries)


async def _import(what: str, request: Request, take: Callable[[BinaryIO], Answer]) -> ImportReport:
    """Receive the body whole before anything is applied, so that a broken upload changes nothing."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        body = cast(BinaryIO, file)
        await _receive(request, body)
        answer = await run_in_threadpool(take, body)
    if isinstance(answer, Unreadable):
        raise refuse(422, f"nothing could be read: {answer.reason}")
    log.info("directory_imported", what=what, **answer.model_dump(exclude={"faults"}))
    return answer


async def _receive(request: Request, body: BinaryIO) -> None:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST:
            raise refuse(413, f"the body has more than {MOST} bytes; send it in parts")
        await run_in_threadpool(body.write, chunk)
    body.seek(0)
