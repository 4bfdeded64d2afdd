"""An operator dismisses a failed event that needs nothing more: it waits for nobody, and its row says who and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from forewarn.access import Bearer, TokenRole
from forewarn.contracts.api import DismissAsk, DismissView, Refusal
from forewarn.runtime.http import Guard, refuse
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import Database

DISMISS = """
update failed set dismissed_at = clock_timestamp(), dismissed_by = %(by)s, dismissed_why = %(why)s
where id = %(id)s and replayed_at is null and dismissed_at is null
returning id
"""

REFUSALS: dict[int | str, dict[str, Any]] = {404: {"model": Refusal}, 409: {"model": Refusal}}

log = logger(__name__)


def dismissal_routes(database: Database, require: Guard) -> APIRouter:
    """`POST /v1/failed/{id}/dismiss`, for operators. One that comes again and fails again waits again."""
    operator = Depends(require(frozenset({TokenRole.OPERATOR})))
    routes = APIRouter()

    @routes.post("/v1/failed/{failed_id:path}/dismiss", responses=REFUSALS)
    def dismiss(failed_id: str, ask: DismissAsk, bearer: Annotated[Bearer, operator]) -> DismissView:
        _dismiss(database, failed_id, bearer.name, ask.reason)
        log.info("failed_event_dismissed", event_id=failed_id, by=bearer.name)
        return DismissView(failed_id=failed_id, dismissed_by=bearer.name, dismissed_why=ask.reason)

    return routes


def _dismiss(database: Database, failed_id: str, by: str, why: str) -> None:
    """Refuses with 404 and 409."""
    with database.begin() as connection:
        row = connection.execute(DISMISS, {"id": failed_id, "by": by, "why": why}).fetchone()
        known = row or connection.execute("select from failed where id = %s", (failed_id,)).fetchone() is not None
    if not known:
        raise refuse(404, f"there is no failed event {failed_id}; `forewarn failed list` shows them")
    if row is None:
        raise refuse(409, f"{failed_id} waits for nobody: it was replayed or dismissed already")
