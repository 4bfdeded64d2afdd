"""The secrets that a person's webhook is signed with, for the operator who hands them to its receiver."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Depends, Response
from psycopg.rows import dict_row

from forewarn.access import Bearer, TokenRole
from forewarn.contracts.addresses import Way
from forewarn.contracts.api import Refusal, WebhookSecretView
from forewarn.runtime.http import Guard, refuse
from forewarn.runtime.logs import logger
from forewarn.signing import secrets_of, written

ENDPOINT = """
select s.id, s.key, s.token, a.address
from subscriber s left join address a on a.subscriber_id = s.id and a.channel = %(channel)s
where s.key = %(key)s or s.key = lower(%(key)s)
order by s.key <> %(key)s limit 1
"""
REFUSALS: dict[int | str, dict[str, Any]] = {404: {"model": Refusal}, 409: {"model": Refusal}}

Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]

log = logger(__name__)


def webhook_secret_routes(connect: Connect, require: Guard, keys: Sequence[str]) -> APIRouter:
    """`GET /v1/directory/people/{id}/webhook-secret`, for operators; `keys` as dispatch has them."""
    operator = Depends(require(frozenset({TokenRole.OPERATOR})))
    router = APIRouter(prefix="/v1/directory", tags=["directory"])

    @router.get("/people/{person:path}/webhook-secret", responses=REFUSALS)
    def get_secret(person: str, response: Response, bearer: Annotated[Bearer, operator]) -> WebhookSecretView:
        """The secrets of the person's endpoint, newest first; none of them is kept anywhere."""
        endpoint = _endpoint(connect, person)
        if not keys:
            raise refuse(409, "ingest has no webhook keys: set FOREWARN_WEBHOOK_KEYS as dispatch of webhooks has it")
        log.info("webhook_secret_shown", subscriber=endpoint["id"], to=bearer.name)
        response.headers["Cache-Control"] = "no-store"
        secrets = [written(secret) for secret in secrets_of(keys, endpoint["token"])]
        return WebhookSecretView(id=endpoint["key"], url=endpoint["address"], secrets=secrets)

    return router


def _endpoint(connect: Connect, person: str) -> dict[str, Any]:
    with connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(ENDPOINT, {"key": person, "channel": Way.WEBHOOK.value}).fetchone()
    if row is None:
        raise refuse(404, f"the directory has nobody with the id {person}")
    if row["address"] is None:
        raise refuse(409, f"{person} has no webhook in the directory; import one first")
    return row
