"""An answer of the door or the desk that is not the wished-for one, as a Trouble."""

from pydantic import ValidationError

from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import EventFailed, Refusal

TODO = {
    Kind.UNAUTHORIZED: "Set FOREWARN_TOKEN to a valid token: `make up` prints one",
    Kind.FORBIDDEN: "Use a token whose role may do this, in FOREWARN_TOKEN",
    Kind.TOO_LARGE: "Send it in smaller parts",
    Kind.UNAVAILABLE: "Try again shortly",
    Kind.ODD_ANSWER: "Check FOREWARN_URL and FOREWARN_DESK_URL; the worker's log says more",
}

KINDS = {
    401: (Kind.UNAUTHORIZED, "the token is not known"),
    403: (Kind.FORBIDDEN, "the token may not do this"),
    404: (Kind.NOT_FOUND, "not found"),
    409: (Kind.NOT_CARRIED_OUT, "too late"),
    413: (Kind.TOO_LARGE, "too large"),
    422: (Kind.NOT_CARRIED_OUT, "cannot be carried out as it is"),
    502: (Kind.UNAVAILABLE, "cannot take it right now"),
    503: (Kind.UNAVAILABLE, "cannot take it right now"),
    504: (Kind.UNAVAILABLE, "cannot take it right now"),
}


def trouble_of(status: int, body: bytes, where: str) -> Trouble:
    """Name the refusal in plain words, with the reason given and what to do."""
    kind, plain = KINDS.get(status, (Kind.ODD_ANSWER, f"answered with HTTP {status}"))
    kept = _kept(body) if status == 422 else None
    if kept is not None:
        todo = f"It is kept: `forewarn failed show {kept.failed_id}`; correct it and send it again"
        return Trouble(kind, f"{plain}: {kept.reason}", todo, where, status)
    reason = _reason(body)
    what = f"{plain}: {reason}" if reason and reason != plain else plain
    return Trouble(kind, what, TODO.get(kind, ""), where, status)


def unreadable(where: str, status: int) -> Trouble:
    """An answer of success that is not in the contract's shape: most likely something else lives there."""
    what = "what answers there does not speak as Forewarn does"
    return Trouble(Kind.ODD_ANSWER, what, TODO[Kind.ODD_ANSWER], where, status)


def _kept(body: bytes) -> EventFailed | None:
    try:
        return EventFailed.model_validate_json(body)
    except ValidationError:
        return None


def _reason(body: bytes) -> str:
    try:
        return Refusal.model_validate_json(body).reason
    except ValidationError:
        return ""
