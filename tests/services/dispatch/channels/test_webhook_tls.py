"""Laws of the way out: TLS is verified for the name, and only what the guard has checked is connected."""

import asyncio
import socket
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from forewarn.content import Content
from forewarn.delivery import Accepted, Answer, NotReached, Refused
from forewarn.notice import Channel
from services.dispatch.channels import post, timely
from services.dispatch.channels.guard import Guard
from services.dispatch.channels.hosts import Hosts
from services.dispatch.channels.road import Open
from services.dispatch.channels.webhook import Webhooks, new_session
from tests.services.dispatch.channels.certificates import Authority
from tests.services.dispatch.channels.endpoint import Endpoint, a_reply, serving
from tests.support.batches import a_batch, a_recipient

FOR_NOW, FOR_EVER = Refused(transient=True), Refused(transient=False)
HOST = "hooks.nordwind.example"
LOOPBACK = ip_network("127.0.0.0/8")
LISTED = [LOOPBACK]


def here(name: str) -> Sequence[str]:
    """A name server that finds everything on this machine, except what is gone, or takes too long."""
    if name.startswith("gone."):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if name.startswith("away."):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    if name.startswith("slow."):
        time.sleep(0.5)
    return ["127.0.0.1"]


class Scene:
    """An endpoint behind TLS, and a channel that trusts an authority."""

    def __init__(self, directory: Path) -> None:
        self.authority, self.endpoint = Authority(directory), Endpoint()
        self.asked_for: list[str | None] = []
        self.trusts = self.authority.client()

    def _noted(self, _socket: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self.asked_for.append(name)

    def call(
        self, host: str = HOST, *, listed: Sequence[Any] = LISTED, shows: str | None = HOST, calls: int = 1
    ) -> Answer:
        """The last answer."""
        tls = self.authority.server(shows) if shows else None
        if tls:
            tls.sni_callback = self._noted

        async def scene() -> Answer:
            guard = Guard(listed, 4, here)
            async with serving(self.endpoint, tls):
                session = new_session(guard, 4, self.trusts)
                provider = Webhooks(session, Open(guard), Hosts(4), ["k" * 32], 4, lambda: datetime.now(UTC))
                content = Content(subject="", text="", html="", times={}, payload="{}")
                connected = provider.prepare(a_batch(1, channel=Channel.WEBHOOK, content=content))
                url = f"https://{host}:{self.endpoint.port}/in"
                for _ in range(calls):
                    (answer,) = await connected.call([a_recipient(address=url)])
                await provider.close()
                await asyncio.sleep(0.01)
                return answer

        return asyncio.run(scene())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_an_endpoint_is_called_by_its_name_over_verified_tls(scene: Scene) -> None:
    assert scene.call() == Accepted()
    assert scene.asked_for == [HOST]
    assert scene.endpoint.heard[0].headers["host"] == f"{HOST}:{scene.endpoint.port}"


def test_no_cookie_comes_back(scene: Scene) -> None:
    scene.endpoint.answers = lambda n: a_reply(200, set_cookie="seen=1; Path=/")

    assert scene.call(calls=2) == Accepted()
    assert [each.headers.get("cookie") for each in scene.endpoint.heard] == [None, None]


def test_case_and_a_dot_at_the_end_are_the_same_host(scene: Scene) -> None:
    assert scene.call("Hooks.Nordwind.Example.") == Accepted()


def test_a_certificate_of_an_authority_that_is_not_trusted_ends_the_call_before_it(scene: Scene) -> None:
    scene.trusts = ssl.create_default_context()

    assert scene.call() == FOR_NOW
    assert not scene.endpoint.heard


def test_a_certificate_for_another_name_ends_the_call_before_it(scene: Scene) -> None:
    assert scene.call(shows="other.example") == FOR_NOW
    assert not scene.endpoint.heard


@pytest.mark.parametrize("host", [HOST, "127.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost"])
def test_a_host_of_our_own_is_refused_without_a_connection(scene: Scene, host: str) -> None:
    assert scene.call(host, listed=[]) == FOR_EVER
    assert scene.endpoint.connections == 0


def test_an_address_may_stand_in_the_url_if_its_network_is_listed(scene: Scene) -> None:
    assert scene.call("127.0.0.1") == Accepted()
    assert scene.call("127.1") == FOR_EVER, "an address is written in full"


def test_a_name_that_is_not_found_may_be_found_later(scene: Scene) -> None:
    assert scene.call(f"gone.{HOST}") == FOR_NOW


def test_a_name_server_that_is_away_ends_nobody(scene: Scene) -> None:
    assert scene.call(f"away.{HOST}") == NotReached()


def test_a_name_that_takes_too_long_ends_nobody(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "WIRE_SECONDS", 0.1)
    monkeypatch.setattr("services.dispatch.channels.webhook.WIRE_SECONDS", 0.1)

    assert scene.call(f"slow.{HOST}") == NotReached()
    assert scene.endpoint.connections == 0


def test_an_endpoint_to_which_no_connection_is_made_in_time_ends_nobody(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "WIRE_SECONDS", 0.2)
    begun = time.monotonic()

    assert scene.call(shows=None) == NotReached()
    assert time.monotonic() - begun < timely.CALL_SECONDS / 3
    assert scene.endpoint.connections == 1 and not scene.endpoint.heard
