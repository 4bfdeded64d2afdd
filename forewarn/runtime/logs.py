"""JSON logs: one event, one line, fields not prose, never an address and never a body."""

import logging
import re
import sys
import threading
import traceback
from typing import Any

import orjson
import structlog

_FOREIGN = ("dramatiq", "aiosmtplib", "uvicorn", "psycopg", "alembic", "asyncio", "aiohttp", "botocore")
_ADDRESS = re.compile(r"\S*@\S*")


def start_logs(service: str, level: int = logging.INFO) -> None:
    """Send all logs of this process to stderr as JSON lines, what nobody caught and warnings among them.

    Libraries' records keep the first line of their template and lose their arguments: those can hold a message's
    body. An exception is its type and its places in our code, without its text, which can hold an address.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.raiseExceptions = False  # else a record that cannot be written is printed with its arguments
    logging.captureWarnings(True)
    sys.excepthook = lambda _type, error, _trace: _uncaught(error)
    sys.unraisablehook = lambda fault: _uncaught(fault.exc_value)
    threading.excepthook = lambda fault: _uncaught(fault.exc_value)
    for name in _FOREIGN:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    logging.getLogger("apprise").disabled = True  # it logs as errors what it raises, and we say what came of it
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, _for_stdlib],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )


def _uncaught(error: BaseException | None) -> None:
    if not isinstance(error, KeyboardInterrupt | SystemExit):
        logging.getLogger("uncaught").error("uncaught", exc_info=error)


def _for_stdlib(_logger: Any, _method: str, event: Any) -> Any:
    exc_info = event.pop("exc_info", None)
    event.pop("level", None)
    return (event.pop("event"),), {"extra": {"fields": event}, "exc_info": exc_info}


class _Lines(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": record.created,
            "level": record.levelname.lower(),
            "service": self.service,
            "event": _template(record.msg),
        }
        if hasattr(record, "fields"):
            line |= record.fields
        else:
            line["logger"] = record.name
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["places"] = _places(record.exc_info[1])
        try:
            return orjson.dumps(line, default=str).decode()
        except TypeError:  # an integer beyond 64 bits, half a surrogate pair
            plain = {name: str(value).encode("ascii", "backslashreplace").decode() for name, value in line.items()}
            return orjson.dumps(plain).decode()


def _template(message: object) -> str:
    """What a library says, without what it says it about: asyncio puts whole exceptions below the first line."""
    if not isinstance(message, str):
        return type(message).__name__
    return _ADDRESS.sub("…", message.partition("\n")[0])


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def logger(name: str) -> Any:
    """A structlog logger; `log.info("window_expanded", window=7)`."""
    return structlog.get_logger(name)
