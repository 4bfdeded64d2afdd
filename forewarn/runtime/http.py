"""What the door and the desk share: tokens in front, capped bodies, refusals as JSON, a server on a thread."""

import threading
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import Counter
from starlette.exceptions import HTTPException as StarletteHTTPException

from forewarn.access import Bearer, TokenRole
from forewarn.runtime.postgres import UNREACHABLE, Database
from forewarn.runtime.tokens import bearer_of

HTTP_ANSWERS = Counter("forewarn_http_answers_total", "Answers given over HTTP.", ["server", "method", "status"])

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Guard = Callable[[frozenset[TokenRole]], Callable[..., Bearer]]


def refuse(status: int, reason: str) -> HTTPException:
    """An HTTP refusal whose body is {"reason": …}."""
    return HTTPException(status, reason)


def guard(database: Database) -> Guard:
    """Makes dependencies that let through who holds a token of one of the given roles (401, 403)."""

    def require(roles: frozenset[TokenRole]) -> Callable[..., Bearer]:
        def bearer(request: Request) -> Bearer:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            with database.begin() as connection:
                known = bearer_of(connection, token.strip()) if scheme.lower() == "bearer" else None
            if known is None:
                raise refuse(401, "send a known token: Authorization: Bearer fw_…")
            if known.role not in roles:
                wanted = ", ".join(sorted(roles))
                raise refuse(403, f"token {known.name!r} is for role {known.role}; this needs one of: {wanted}")
            return known

        return bearer

    return require


async def capped_body(request: Request, cap_bytes: int) -> bytes:
    """The whole body. Refuses with 413 as soon as it passes the cap."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > cap_bytes:
        raise refuse(413, f"the body has {length} bytes; at most {cap_bytes} are taken")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > cap_bytes:
            raise refuse(413, f"the body has more than {cap_bytes} bytes")
    return bytes(body)


def new_app(server: str, title: str) -> FastAPI:
    """An app that counts its answers and refuses in one shape."""
    app = FastAPI(title=title, docs_url="/docs", redoc_url=None, openapi_url="/openapi.json")

    @app.middleware("http")
    async def count(request: Request, call_next: Any) -> Any:
        method = request.method if request.method in METHODS else "other"  # a client may make one up
        try:
            response = await call_next(request)
        except Exception:
            HTTP_ANSWERS.labels(server, method, "500").inc()
            raise
        HTTP_ANSWERS.labels(server, method, str(response.status_code)).inc()
        return response

    @app.exception_handler(Exception)
    async def broken(_request: Request, _fault: Exception) -> JSONResponse:  # raised again after it, and so logged
        return JSONResponse({"reason": "this is a fault of ours; the log says which"}, 500)

    @app.exception_handler(StarletteHTTPException)
    async def refused(_request: Request, fault: StarletteHTTPException) -> JSONResponse:
        return JSONResponse({"reason": str(fault.detail)}, fault.status_code)

    @app.exception_handler(RequestValidationError)
    async def misread(_request: Request, fault: RequestValidationError) -> JSONResponse:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors())
        return JSONResponse({"reason": reasons}, 422)

    for away in UNREACHABLE:

        @app.exception_handler(away)
        async def unavailable(_request: Request, _fault: Exception) -> JSONResponse:
            return JSONResponse({"reason": "the database is away; try again in a moment"}, 503)

    return app


class Server:
    """uvicorn on a thread of its own; `port` is the bound one."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        config = uvicorn.Config(
            app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=5
        )
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="http", daemon=True)

    def start(self) -> None:
        """Start, and return once requests are answered."""
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.01)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def ready(self) -> bool:
        """Requests are answered; a thread that runs may not listen yet."""
        return bool(self._server.started) and self.running

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
