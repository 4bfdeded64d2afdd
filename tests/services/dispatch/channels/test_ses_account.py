"""Laws of asking SES for the account's rate, on the sandbox and on a server that answers as it is told."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import botocore.session
import pytest
from aiohttp import web
from botocore.credentials import Credentials
from prometheus_client import REGISTRY

from forewarn.delivery import NotReached
from forewarn.dev.sandbox.client import Sandbox
from services.dispatch.channels import ses_account
from services.dispatch.channels.aws import Aws, Keys, find_aws
from services.dispatch.channels.ses import Ses
from services.dispatch.channels.ses_account import OPERATION, Account, Unheard, Watch, account_of
from tests.support.batches import a_batch
from tests.support.ses import PATH

ACCOUNT_PATH = "/v2/email/account"

PATIENCE_SECONDS = 5.0


class Dispatch:
    """SES as a dispatch has it, the account being asked for; on a loop of its own."""

    def __init__(self, runner: asyncio.Runner, url: str) -> None:
        keys = Keys(Credentials("sandbox", "sandbox"))
        aws = Aws(url + PATH, "eu-central-1", "ses", keys, beside={OPERATION: url + ACCOUNT_PATH})
        self._runner = runner

        async def opened() -> Ses:
            ses = Ses(aws, connections=4, batches=1)
            ses.watch()
            return ses

        self.ses = runner.run(opened())

    def run(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return self._runner.run(awaited())

    @property
    def watch(self) -> Watch:
        assert self.ses._watch is not None
        return self.ses._watch

    def until(self, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            assert time.monotonic() < end
            self.run(asyncio.sleep(0.01))


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def opened(runner: asyncio.Runner) -> Iterator[Callable[[str], Dispatch]]:
    made: list[Dispatch] = []

    def make(url: str) -> Dispatch:
        made.append(Dispatch(runner, url))
        return made[-1]

    yield make
    for each in made:
        each.run(each.ses.close())


def sending() -> float | None:
    return REGISTRY.get_sample_value("forewarn_provider_sending_enabled", {"provider": "ses"})


def test_path_and_method_are_those_that_were_written_against(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("REGION", "eu-central-1"), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b")):
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SESV2"):
        monkeypatch.delenv(name, raising=False)
    model = botocore.session.get_session().get_service_model("sesv2").operation_model(OPERATION)

    beside = find_aws("sesv2", "SendBulkEmail", OPERATION).beside

    assert beside == {OPERATION: f"https://email.eu-central-1.amazonaws.com{ACCOUNT_PATH}"}
    assert model.http["method"] == "GET"
    assert "MaxSendRate" in model.output_shape.members["SendQuota"].members
    assert "SendingEnabled" in model.output_shape.members


def test_the_rate_of_the_account_is_asked_at_the_start_signed_as_aws_wants_it(
    sandbox: Sandbox, opened: Callable[[str], Dispatch]
) -> None:
    sandbox.behave(ses={"max_send_rate": 200})

    dispatch = opened(sandbox.ses_url)

    assert dispatch.ses.cap_per_second is None, "before it is known, it limits nobody"
    dispatch.until(lambda: dispatch.ses.cap_per_second == 200)
    assert sending() == 1


def test_it_is_asked_again_and_again(
    sandbox: Sandbox, opened: Callable[[str], Dispatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ses_account, "EVERY_SECONDS", 0.05)
    dispatch = opened(sandbox.ses_url)
    dispatch.until(lambda: dispatch.ses.cap_per_second == 100_000)

    sandbox.behave(ses={"max_send_rate": 14})

    dispatch.until(lambda: dispatch.ses.cap_per_second == 14)


def test_an_account_that_may_not_send_is_a_metric_a_log_line_and_ends_nobody(
    sandbox: Sandbox, opened: Callable[[str], Dispatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(ses_account.log, "error", lambda event, **fields: lines.append(event))
    dispatch = opened(sandbox.ses_url)
    dispatch.until(lambda: dispatch.ses.cap_per_second is not None)
    sandbox.behave(ses={"sending_enabled": False})

    for _ in range(3):
        dispatch.run(dispatch.watch.look())

    assert (sending(), lines) == (0, ["ses_may_not_send"])
    batch = a_batch(2)
    assert dispatch.run(dispatch.ses.prepare(batch).call(batch.recipients)) == [NotReached()] * 2
    sandbox.behave()
    dispatch.run(dispatch.watch.look())
    assert sending() == 1


def test_while_it_does_not_answer_the_last_rate_holds(sandbox: Sandbox, opened: Callable[[str], Dispatch]) -> None:
    sandbox.behave(ses={"max_send_rate": 50})
    dispatch = opened(sandbox.ses_url)
    dispatch.until(lambda: dispatch.ses.cap_per_second == 50)

    async def away() -> Account:
        raise Unheard("HTTP 500")

    dispatch.watch._ask = away
    dispatch.run(dispatch.watch.look())

    assert dispatch.ses.cap_per_second == 50


def test_nobody_there_a_strange_answer_and_silence_are_no_rate_and_stop_nothing(
    runner: asyncio.Runner, opened: Callable[[str], Dispatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ses_account, "ANSWER_SECONDS", 0.2)
    answers: list[Callable[[], Awaitable[web.Response]]] = []
    asked: list[str] = []

    async def told(request: web.Request) -> web.Response:
        asked.append(request.method)
        return await answers.pop(0)()

    async def of(status: int, body: str) -> web.Response:
        return web.Response(status=status, text=body)

    async def silence() -> web.Response:
        await asyncio.sleep(1)
        return web.Response()

    async def serve() -> tuple[web.AppRunner, str]:
        app = web.Application()
        app.router.add_route("*", ACCOUNT_PATH, told)
        server = web.AppRunner(app, shutdown_timeout=0.1)
        await server.setup()
        await web.TCPSite(server, "127.0.0.1", 0).start()
        host, port = server.addresses[0]
        return server, f"http://{host}:{port}"

    answers += [lambda: of(403, "{}"), lambda: of(200, "no JSON"), silence, lambda: of(302, "")]
    server, url = runner.run(serve())
    dispatch = opened(url)
    dispatch.until(lambda: len(asked) == 1)

    for _ in range(3):
        dispatch.run(dispatch.watch.look())

    assert asked == ["GET"] * 4 and dispatch.ses.cap_per_second is None
    dispatch.run(server.cleanup())
    dispatch.run(dispatch.watch.look())
    assert dispatch.ses.cap_per_second is None, "nobody there"


@pytest.mark.parametrize(
    "body, account",
    [
        (b'{"SendQuota": {"MaxSendRate": 14.0}, "SendingEnabled": true}', Account(14.0, True)),
        (b'{"SendQuota": {"MaxSendRate": 14}}', Account(14.0, True)),
        (b'{"SendQuota": {"MaxSendRate": 14}, "SendingEnabled": false}', Account(14.0, False)),
        (b'{"SendQuota": {"MaxSendRate": 0}, "SendingEnabled": false}', Account(None, False)),
        (b'{"SendQuota": {"MaxSendRate": -1}}', Account(None, True)),
    ],
)
def test_what_is_said_of_an_account(body: bytes, account: Account) -> None:
    assert account_of(200, body) == account


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"SendQuota": null}', b'{"SendQuota": {"MaxSendRate": "x"}}'])
def test_what_cannot_be_read_is_not_heard(body: bytes) -> None:
    with pytest.raises(Unheard):
        account_of(200, body)
