"""The whole of Forewarn on this machine: servers, sandbox provider, the three workers, tokens."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
import psycopg
import urllib3
import yaml
from psycopg.rows import dict_row

from forewarn.access import TokenRole
from forewarn.dev.sandbox.client import Sandbox
from forewarn.dev.servers import Servers, private_servers
from forewarn.dev.servers.place import free_ports
from forewarn.dev.workers import Worker
from forewarn.runtime.migrate import migrate
from forewarn.runtime.tokens import issue

Say = Callable[[str], None]

ROOT = Path(__file__).parents[2]

TOKENS = {
    "alertmanager": (TokenRole.SOURCE, "alertmanager"),
    "monitoring": (TokenRole.SOURCE, "monitoring"),
    "dana": (TokenRole.COMMUNICATOR, "people"),
    "oleg": (TokenRole.OPERATOR, "people"),
    "rita": (TokenRole.READER, "people"),
}
"""The tokens of a house: two sources and three people, so that each role has one."""


@dataclass(slots=True)
class House:
    """A running house. `environment` is what its workers were started with."""

    servers: Servers
    sandbox: Sandbox
    environment: Mapping[str, str]
    tokens: Mapping[str, str]
    door_url: str
    desk_url: str
    workers: dict[str, Worker] = field(default_factory=dict)
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=16, retries=False, timeout=15)
    )

    @property
    def database_url(self) -> str:
        return self.servers.urls.database

    def request(
        self, method: str, path: str, body: bytes | None = None, token: str = "oleg", desk: bool = False
    ) -> tuple[int, Any]:
        """Status and body of one HTTP call as the named person, JSON decoded."""
        base = self.desk_url if desk else self.door_url
        headers = {"Authorization": f"Bearer {self.tokens.get(token, token)}", "Content-Type": "application/json"}
        answer = self.http.request(method, base + path, body=body, headers=headers)
        json = answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.status, orjson.loads(answer.data) if json else answer.data

    def hire(self, name: str, service: str = "dispatch", **settings: str) -> Worker:
        """One more worker, not started yet, with these settings on top."""
        log = self.workers[service].log.with_name(f"{name}.log")
        self.workers[name] = Worker(service, {**self.environment, **settings}, log)
        return self.workers[name]

    def cli_environment(self, token: str = "oleg") -> dict[str, str]:
        """What the `forewarn` command needs to speak to this house as the named person."""
        return {
            "FOREWARN_URL": self.door_url,
            "FOREWARN_DESK_URL": self.desk_url,
            "FOREWARN_TOKEN": self.tokens[token],
        }


@contextmanager
def house(
    directory: Path, say: Say, policy: Mapping[str, Any] | None = None, *, webhooks: bool = False
) -> Iterator[House]:
    """Bring everything up, ready; take it down at the end. See `furnished`."""
    with ExitStack() as leaving:
        servers = leaving.enter_context(private_servers(directory / "servers", say))
        yield leaving.enter_context(furnished(servers, directory / "house", say, policy, webhooks=webhooks))


@contextmanager
def furnished(
    servers: Servers,
    directory: Path,
    say: Say,
    policy: Mapping[str, Any] | None = None,
    *,
    email_provider: str = "smtp",
    webhooks: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Iterator[House]:
    """The house on servers that stand already; their database must be empty or migrated.

    `webhooks`: one worker more, for that channel. Mails go by SMTP or by SES, both of them the
    sandbox's. `settings` go to the workers as they are.
    """
    directory.mkdir(parents=True, exist_ok=True)
    say("Preparing the database …")
    migrate(servers.urls.database)
    tokens = issue_tokens(servers.urls.database)
    with Sandbox.start(directory) as sandbox:
        door, desk = free_ports(2)
        policy_file = _write_policy(directory / "policy.yaml", policy or {}, f"http://127.0.0.1:{door}")
        environment = {
            **_environment(servers, sandbox, door, desk),
            "FOREWARN_POLICY_FILE": str(policy_file),
            "FOREWARN_EMAIL_PROVIDER": email_provider,
            **(settings or {}),
        }
        home = House(servers, sandbox, environment, tokens, f"http://127.0.0.1:{door}", f"http://127.0.0.1:{desk}")
        for service in ("ingest", "planner", "dispatch"):
            home.workers[service] = Worker(service, environment, directory / f"{service}.log")
        if webhooks:
            home.hire("webhook", FOREWARN_CHANNEL="webhook")
        say("Starting ingest, planner and dispatch …")
        try:
            start_all(home)
            yield home
        finally:
            with ThreadPoolExecutor(4) as threads:
                list(threads.map(Worker.stop, home.workers.values()))


def start_all(home: House) -> None:
    """Start every worker and wait until all are ready."""
    for worker in home.workers.values():
        worker.start()
    for worker in home.workers.values():
        worker.wait_ready()


def issue_tokens(database_url: str) -> dict[str, str]:
    """New tokens for everybody in TOKENS, by name."""
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        return {name: issue(connection, name, role, source) for name, (role, source) in TOKENS.items()}


def set_fast_clock(database_url: str, factor: float) -> None:
    """Let the clock that people read run `factor` times as fast from now on; sandbox mode only."""
    with psycopg.connect(database_url, options="-c forewarn.delivery=sandbox") as connection:
        connection.execute(
            "insert into fast_clock (real_start, told_start, factor) values (clock_timestamp(), clock_timestamp(), %s)"
            " on conflict (one) do update set told_start = forewarn_at(clock_timestamp()),"
            " real_start = clock_timestamp(), factor = excluded.factor",
            (factor,),
        )


def _write_policy(path: Path, policy: Mapping[str, Any], door_url: str) -> Path:
    """The given policy, with links that lead to this house's door."""
    company = {"public_url": door_url, **policy.get("company", {})}
    path.write_text(yaml.safe_dump({**policy, "company": company}))
    return path


def _environment(servers: Servers, sandbox: Sandbox, door: int, desk: int) -> dict[str, str]:
    urls = servers.urls
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FOREWARN_", "AWS_"))}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "FOREWARN_DATABASE_URL": urls.database,
        "FOREWARN_RABBITMQ_URL": urls.rabbitmq_worker,
        "FOREWARN_DOOR_RABBITMQ_URL": urls.rabbitmq_door,
        "FOREWARN_DOOR_USER": _user_of(urls.rabbitmq_door),
        "FOREWARN_REDIS_URL": urls.redis,
        "FOREWARN_SMTP_HOST": sandbox.smtp_host,
        "FOREWARN_SMTP_PORT": str(sandbox.smtp_port),
        "FOREWARN_WEBHOOK_KEYS": token_hex(32),
        "FOREWARN_WEBHOOK_SANDBOX_PORT": str(sandbox.webhook_port),
        **sandbox.aws_environment(),
        "FOREWARN_DOOR_PORT": str(door),
        "FOREWARN_DESK_PORT": str(desk),
    }


def _user_of(url: str) -> str:
    """The user in the URL: RabbitMQ vouches for it on every message."""
    return unquote(urlsplit(url).username or "guest")
