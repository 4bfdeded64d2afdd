"""Faults as SES answers them: a status, the type in a header, the message in JSON."""

from dataclasses import dataclass

import orjson
from aiohttp import web

_TYPES = {
    400: "BadRequestException",
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    404: "NotFoundException",
    413: "RequestEntityTooLargeException",
    429: "TooManyRequestsException",
    500: "InternalFailure",
    503: "ServiceUnavailable",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a whole call was refused; without a type, the one that is usual for the status."""

    status: int
    message: str
    type: str = ""

    def response(self) -> web.Response:
        kind = self.type or _TYPES.get(self.status, "InternalFailure" if self.status >= 500 else "UnknownError")
        return web.Response(
            status=self.status,
            body=orjson.dumps({"message": self.message}),
            content_type="application/json",
            headers={"x-amzn-ErrorType": kind},
        )


THROTTLED = Fault(429, "Maximum sending rate exceeded.")
PAUSED = Fault(400, "Sending is paused for this account.", "SendingPausedException")
UNKNOWN = Fault(404, "the sandbox knows SendBulkEmail and GetAccount only", "UnknownOperationException")
