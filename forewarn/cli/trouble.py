"""Trouble: what went wrong, where, and what to do about it, in one plain line."""

from enum import IntEnum, StrEnum

import orjson


class Ending(IntEnum):
    """What the command leaves behind as its exit code."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3


class Kind(StrEnum):
    """Every way that a verb can go wrong."""

    USAGE = "usage"
    SETTINGS = "settings"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    TOO_LARGE = "too_large"
    NOT_CARRIED_OUT = "not_carried_out"
    DECLINED = "declined"
    UNAVAILABLE = "unavailable"
    ODD_ANSWER = "odd_answer"


ENDINGS = {Kind.USAGE: Ending.USAGE, Kind.SETTINGS: Ending.USAGE, Kind.UNREACHABLE: Ending.UNREACHABLE}


class Trouble(Exception):
    """An end of the verb that a person can read; `status` is the HTTP status when there was one."""

    def __init__(self, kind: Kind, what: str, todo: str = "", where: str = "", status: int | None = None) -> None:
        super().__init__(what)
        self.kind, self.what, self.todo, self.where, self.status = kind, what, todo, where, status

    @property
    def ending(self) -> Ending:
        return ENDINGS.get(self.kind, Ending.REFUSED)

    @property
    def line(self) -> str:
        """Where, what, what to do: on one line, whatever the other side wrote."""
        said = f"{self.where}: {self.what}" if self.where else self.what
        return " ".join(f"{said}. {self.todo}".split()) if self.todo else " ".join(said.split())

    @property
    def json(self) -> str:
        """The same as one JSON document."""
        said = {"what": self.what, "where": self.where, "todo": self.todo, "message": self.line}
        return orjson.dumps({"error": {"kind": self.kind, "status": self.status, **said}}).decode()
