"""Both sides of the sandbox provider in one event loop, on 127.0.0.1 only, until it is told to stop."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import orjson
import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from forewarn.dev.sandbox.api import reading, steering
from forewarn.dev.sandbox.conduct import Conduct
from forewarn.dev.sandbox.conversation import Busy, Conversation, Provider
from forewarn.dev.sandbox.http import SIZE_LIMIT, door
from forewarn.dev.sandbox.inbox import inbox
from forewarn.dev.sandbox.record import Record
from forewarn.dev.sandbox.ses.door import Ses
from forewarn.dev.sandbox.webhook.door import Endpoint
from forewarn.dev.sandbox.wire import Ports

HOST = "127.0.0.1"
STOP_PATIENCE_SECONDS = 2
CALL_PATIENCE_SECONDS = 0.2  # for SES and webhooks: who hangs longer was told to


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ports to take, 0 letting the system choose, and whether SES calls are ever checked."""

    smtp: int = 0
    http: int = 0
    ses: int = 0
    webhook: int = 0
    checks: bool = True


async def serve(wanted: Wanted, record_path: Path | None, ports_file: Path | None) -> None:
    """Take mails, SES calls and webhooks and answer HTTP until SIGTERM or SIGINT."""
    record, conduct = Record(record_path), Conduct()
    smtp, http, ses, hook = map(_listening, (wanted.smtp, wanted.http, wanted.ses, wanted.webhook))
    ports = Ports(smtp=_port(smtp), http=_port(http), ses=_port(ses), webhook=_port(hook), pid=os.getpid())
    web = _Web(_web_config(record, conduct), ready=lambda: _announce(ports_file, ports))
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, web.stop)
    calls = [
        door(Ses(record, conduct, time.time, wanted.checks).answer),
        door(Endpoint(record, conduct, time.time).answer),
    ]
    factories: list[Callable[[], asyncio.BaseProtocol]] = [_doorkeeper(record, conduct), *calls]
    doors = [await loop.create_server(each, sock=sock) for each, sock in zip(factories, (smtp, ses, hook), strict=True)]
    try:
        await web.serve(sockets=[http])
    finally:
        for each in doors:
            each.close()
        await asyncio.gather(*(each.shutdown(CALL_PATIENCE_SECONDS) for each in calls))
        record.close()


class _Web(uvicorn.Server):
    """uvicorn that tells when it is ready, and does not end by the signal that stops it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    def stop(self) -> None:
        self.should_exit = True


def _doorkeeper(record: Record, conduct: Conduct) -> Callable[[], asyncio.BaseProtocol]:
    numbers = count(1)
    loop = asyncio.get_running_loop()

    def meet() -> asyncio.BaseProtocol:
        number = next(numbers)
        if conduct.busy:
            return Busy()
        conversation = Conversation(number, record, conduct, time.time)
        return Provider(
            conversation,
            data_size_limit=SIZE_LIMIT,
            hostname="sandbox.invalid",
            ident="Forewarn sandbox",
            loop=loop,
        )

    return meet


def _web_config(record: Record, conduct: Conduct) -> uvicorn.Config:
    app = FastAPI(title="Forewarn sandbox provider", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])  # no DNS rebinding
    for router in (reading(record), steering(record, conduct), inbox(record)):
        app.include_router(router)
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=STOP_PATIENCE_SECONDS,
        lifespan="off",
    )


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def _port(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def _announce(file: Path | None, ports: Ports) -> None:
    sides = "  ".join(f"{side} {HOST}:{ports[side]}" for side in ("smtp", "ses", "webhook"))
    sys.stdout.write(f"{sides}  inbox http://{HOST}:{ports['http']}/\n")
    sys.stdout.flush()
    if file is None:
        return
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_bytes(orjson.dumps(ports, option=orjson.OPT_APPEND_NEWLINE))
    draft.replace(file)
