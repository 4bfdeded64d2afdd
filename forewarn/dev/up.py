"""`make up` and `make down`: the whole house on this machine until it is told to stop."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from forewarn.dev.house import House, house

Say = Callable[[str], None]

STOP_SECONDS = 30


class NotUp(RuntimeError):
    """There is nothing to take down."""


def up(directory: Path, say: Say) -> None:
    """Bring everything up, write where it is to `env` in the directory, and stay until Ctrl-C or SIGTERM."""
    with house(directory, say, {"guests": ["@acme.example"]}, webhooks=True) as home:
        env, pid = directory / "env", directory / "up.pid"
        try:
            env.touch(mode=0o600)
            env.write_text("".join(f"{name}={value}\n" for name, value in home.cli_environment().items()))
            pid.write_text(f"{os.getpid()}\n")
            for line in described(home, env):
                say(line)
            while True:
                signal.pause()
        except KeyboardInterrupt:
            say("Stopping …")
        finally:
            env.unlink(missing_ok=True)
            pid.unlink(missing_ok=True)


def described(home: House, env: Path) -> list[str]:
    """Where everything is, a line each."""
    urls = home.servers.urls
    return [
        "",
        "Forewarn is up, in a sandbox: nothing leaves this machine, and nothing is kept when it stops.",
        f"  door   {home.door_url}   events and the directory come in (/docs lists the calls)",
        f"  desk   {home.desk_url}   who was told what",
        f"  inbox  {home.sandbox.url}   every mail, in your browser",
        f"  RabbitMQ management  {urls.rabbitmq_management}",
        "  tokens:",
        *(f"    {name:13} {token}" for name, token in home.tokens.items()),
        f"`.venv/bin/forewarn` finds all of it in {env.parent.name}/{env.name}; try `.venv/bin/forewarn status`.",
        "Ctrl-C, or `make down` elsewhere, stops it.",
    ]


def down(directory: Path) -> None:
    """End what `up` started from this directory and wait until it is gone. Raises NotUp."""
    pid = _running(directory / "up.pid")
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > end:
            raise NotUp(f"process {pid} was told to stop and still runs after {STOP_SECONDS} s")
        time.sleep(0.1)


def _running(file: Path) -> int:
    """The pid in the file, if that process is ours."""
    try:
        pid = int(file.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        raise NotUp("nothing is up from this checkout") from None
    if b"forewarn" not in command:
        raise NotUp("nothing is up from this checkout: the process of then has ended")
    return pid
