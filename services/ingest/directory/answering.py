"""Answer an import: with its report at the end, or line by line for whoever wants to see how far it is."""

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from forewarn.contracts.api import ImportNews, ImportReport, Refusal
from forewarn.runtime.http import refuse
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import UNREACHABLE
from services.ingest.directory.how import Progress

LINES = "application/x-ndjson"
BETWEEN_SECONDS = 0.5

Answer = ImportReport | Refusal

log = logger(__name__)


async def answered(request: Request, what: str, work: Callable[[], Answer], progress: Progress) -> Response:
    """The response to an import that `work` does on a thread; whoever hangs up does not stop it."""
    if LINES in request.headers.get("accept", ""):
        return StreamingResponse(_lines(what, work, progress), media_type=LINES)
    answer = await run_in_threadpool(work)
    _note(what, answer)
    if isinstance(answer, Refusal):
        raise refuse(422, answer.reason)
    return Response(answer.model_dump_json(), media_type="application/json")


async def _lines(what: str, work: Callable[[], Answer], progress: Progress) -> AsyncIterator[str]:
    """How far it is, twice a second; last its end. The status is 200 by then, so a refusal is a line too."""
    task = asyncio.ensure_future(run_in_threadpool(work))
    while not (await asyncio.wait({task}, timeout=BETWEEN_SECONDS))[0]:
        yield _line(ImportNews(phase=progress.phase.value, done=progress.done, of=progress.of))
    try:
        answer = task.result()
    except UNREACHABLE:
        answer = Refusal(reason="the database is away; try again in a moment")
    _note(what, answer)
    yield _line(ImportNews(report=answer) if isinstance(answer, ImportReport) else ImportNews(refused=answer))


def _line(news: ImportNews) -> str:
    return news.model_dump_json(exclude_unset=True) + "\n"


def _note(what: str, answer: Answer) -> None:
    if isinstance(answer, ImportReport):
        log.info("directory_imported", what=what, **answer.model_dump(exclude={"faults"}))
