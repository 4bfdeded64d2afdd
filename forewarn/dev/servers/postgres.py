"""A private PostgreSQL with an empty database named forewarn."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
from pathlib import Path
from typing import ClassVar

import psycopg

from forewarn.dev.servers.kept import Program
from forewarn.dev.servers.place import free_ports
from forewarn.dev.servers.private import PrivateServer, Say, ServerFailed
from forewarn.dev.servers.unprivileged import home_for, unprivileged_user

DATABASE = "forewarn"

SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
shared_buffers = 128MB
max_connections = 100
jit = off
synchronous_commit = on
fsync = {durable}
full_page_writes = {durable}
timezone = 'UTC'
log_timezone = 'UTC'
"""

# The superuser can run programs as us, so it needs its password; the services' roles need none here.
ACCESS = """\
host all forewarn 127.0.0.1/32 scram-sha-256
host all all      127.0.0.1/32 trust
"""


class Postgres(PrivateServer):
    """PostgreSQL on a free loopback port. Not `durable`: faster, and its data are lost if it is killed."""

    name: ClassVar[str] = "PostgreSQL"

    def __init__(self, directory: Path, say: Say, held: int | None = None, durable: bool = True) -> None:
        super().__init__(directory, say, held)
        self._port = free_ports(1)[0]
        self._password = secrets.token_urlsafe(16)
        self._user = unprivileged_user()
        self._bin = binaries()
        self._home = self._prepare("on" if durable else "off")

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        return self._url(DATABASE)

    @property
    def version(self) -> str:
        asked = [str(self._bin / "postgres"), "--version"]
        found = re.search(r"[\d.]+", subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
        return found[0] if found else ""

    def close(self) -> None:
        super().close()
        if self._home != self.directory:
            shutil.rmtree(self._home, ignore_errors=True)

    def _url(self, database: str) -> str:
        return f"postgresql://forewarn:{self._password}@127.0.0.1:{self._port}/{database}"

    def _prepare(self, durable: str) -> Path:
        """Write what the server reads, where the user who runs it may read it."""
        home = home_for(self._user, self.directory)
        files = {
            "postgresql.conf": SETTINGS.format(port=self._port, durable=durable),
            "pg_hba.conf": ACCESS,
            "password": self._password,
        }
        for name, text in files.items():
            (home / name).write_text(text)
        for path in (home, *(home / name for name in files)):
            path.chmod(0o700 if path.is_dir() else 0o600)
            if self._user:
                shutil.chown(path, self._user.pw_uid, self._user.pw_gid)
        return home

    def _program(self) -> Program:
        where = {name: shlex.quote(str(path)) for name, path in (("home", self._home), ("bin", self._bin))}
        script = (
            "cd {home} && {{ test -s data/PG_VERSION || {bin}/initdb -D data -U forewarn --pwfile=password"
            " -E UTF8 --locale=C -A scram-sha-256 --no-sync --no-instructions; }} && exec {bin}/postgres"
            " -D data -c config_file={home}/postgresql.conf -c hba_file={home}/pg_hba.conf"
        ).format(**where)
        return Program(
            ["sh", "-c", script],
            {name: value for name, value in os.environ.items() if not name.startswith("PG")},
            self.log,
            stop_signal=signal.SIGINT,  # ends the sessions; SIGTERM would wait for them
            user=self._user.pw_name if self._user else None,
            scratch=self._home if self._home != self.directory else None,
            held=self._held,
        )

    def _is_ready(self) -> bool:
        try:
            with psycopg.connect(self._url("postgres"), autocommit=True, connect_timeout=2) as connection:
                if not connection.execute("select from pg_database where datname = %s", [DATABASE]).rowcount:
                    connection.execute(f"create database {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True


def binaries() -> Path:
    """Find the directory of the newest server's programs, or raise `ServerFailed`."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if packaged:
        return packaged[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise ServerFailed("There is no PostgreSQL server here (Debian: apt-get install postgresql).")
