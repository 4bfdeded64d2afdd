"""Where the door and the desk are and who asks: from the environment, else from a file `.forewarn/env`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forewarn.cli.trouble import Kind, Trouble

URL, DESK_URL, TOKEN = "FOREWARN_URL", "FOREWARN_DESK_URL", "FOREWARN_TOKEN"
FILE = Path(".forewarn") / "env"
PRINTED = "`make up` prints it"


@dataclass(frozen=True, slots=True)
class Connection:
    """Base URLs without a slash at the end, and the bearer token."""

    door: str
    desk: str
    token: str = field(repr=False)


def connection(environ: Mapping[str, str], here: Path) -> Connection:
    """What the environment says, the nearest `.forewarn/env` at or above `here` where it is silent.

    A file that names another door than the environment does is not read: its token belongs to that door.
    """
    said = {name: environ[name] for name in (URL, DESK_URL, TOKEN) if environ.get(name)}
    filed = _filed(here)
    if URL not in said or said[URL].rstrip("/") == filed.get(URL, "").rstrip("/"):
        said = {**filed, **said}
    missing = [name for name in (URL, TOKEN) if not said.get(name)]
    if missing:
        raise Trouble(Kind.SETTINGS, f"{' and '.join(missing)} not set", f"Set it first: {PRINTED}")
    desk = said.get(DESK_URL) or said[URL]
    return Connection(_base(URL, said[URL]), _base(DESK_URL, desk), said[TOKEN])


def _base(name: str, url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise Trouble(Kind.SETTINGS, f"{name} is {url!r}", "It must start with http:// or https://")
    return url.rstrip("/")


def _filed(here: Path) -> dict[str, str]:
    """The lines KEY=VALUE of the nearest file; quotes and a leading `export` are allowed."""
    file = next((place / FILE for place in (here, *here.parents) if (place / FILE).is_file()), None)
    if file is None:
        return {}
    lines = (line.strip().removeprefix("export ") for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
