"""Laws of the SES channel on a real HTTP server: what each answer is taken for, and that nothing is sent twice."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from botocore.credentials import Credentials
from prometheus_client import REGISTRY

from forewarn.content import Content, slot
from forewarn.contracts.messages import Batch
from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered
from forewarn.dev.sandbox.client import Sandbox
from services.dispatch.channels import ses, timely
from services.dispatch.channels.aws import Aws, Keys
from services.dispatch.channels.ses import Ses
from services.dispatch.channels.ses_heard import BY_NAME
from services.dispatch.channels.ses_said import ANSWERS, FOR_A_PERSON, Said
from tests.support.batches import a_batch, a_batch_to, a_recipient
from tests.support.planned import an_entry
from tests.support.ses import PATH, SesServer, Told, all_taken, cut, operation, plain, results

YES, NEVER, LATER, UNHEARD = Accepted(), Refused(transient=False), NotReached(timedelta(seconds=2)), Unanswered()
NOT_ASKED = Refused(transient=False, asked=False)
FOR_PERSON, OUR_WORDS = NotReached(), NotReached(timedelta(seconds=30))

STATUSES: dict[str, Answer] = {
    "SUCCESS": YES,
    "MESSAGE_REJECTED": NEVER,
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": FOR_PERSON,
    "CONFIGURATION_SET_NOT_FOUND": FOR_PERSON,
    "TEMPLATE_NOT_FOUND": FOR_PERSON,
    "ACCOUNT_SUSPENDED": FOR_PERSON,
    "ACCOUNT_THROTTLED": LATER,
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": FOR_PERSON,
    "INVALID_SENDING_POOL_NAME": FOR_PERSON,
    "ACCOUNT_SENDING_PAUSED": FOR_PERSON,
    "CONFIGURATION_SET_SENDING_PAUSED": FOR_PERSON,
    "INVALID_PARAMETER": NEVER,
    "TRANSIENT_FAILURE": Refused(transient=True),
    "FAILED": NEVER,
}


OF_THE_CALLER = (
    *("AccessDeniedException", "RequestExpired", "IncompleteSignature", "NotAuthorized", "ExpiredTokenException"),
    *("UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch"),
)


class Account:
    """SES as one dispatch has it, on a loop of its own with the server that plays it."""

    def __init__(self, runner: asyncio.Runner, server: SesServer, url: str | None = None) -> None:
        self._runner, self.server = runner, server
        aws = Aws((url or server.url) + PATH, "eu-central-1", "ses", Keys(Credentials("sandbox", "sandbox")))

        async def opened() -> Ses:
            return Ses(aws, connections=8, batches=4)

        self.ses = runner.run(opened())

    def run(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return self._runner.run(awaited())

    def call(self, people: int = 3, batch: Batch | None = None) -> list[Answer]:
        batch = batch or a_batch(people)
        answers: list[Answer] = self.run(self.ses.prepare(batch).call(batch.recipients))
        return answers

    @property
    def positions(self) -> list[int]:
        """Who was in a request that the server read, as often as they were."""
        return [
            int(tag["Value"]) for e in self.server.entries for tag in e["ReplacementTags"] if tag["Name"] == "position"
        ]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def account(runner: asyncio.Runner) -> Iterator[Account]:
    server = runner.run(SesServer().start())
    account = Account(runner, server)
    yield account
    account.run(account.ses.close())
    account.run(server.close())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call ends after 0.4 s instead of 8, and goes on the wire within 0.3 s instead of 4."""
    monkeypatch.setattr(ses, "CALL_SECONDS", 0.4)
    monkeypatch.setattr(timely, "WIRE_SECONDS", 0.3)


def counted(answer: str) -> float:
    return REGISTRY.get_sample_value("forewarn_provider_answers_total", {"provider": "ses", "answer": answer}) or 0.0


def test_fifty_are_one_request_and_an_answer_each(account: Account) -> None:
    assert account.call(account.ses.call_size) == [YES] * 50
    assert len(account.server.requests) == 1
    assert account.positions == list(range(50))


def test_the_sandbox_takes_it_signature_and_all_and_shows_what_was_written(
    sandbox: Sandbox, runner: asyncio.Runner
) -> None:
    account = Account(runner, SesServer(), sandbox.ses_url)
    text = f"Braces {{{{name}}}} and {{{slot('t0')}}}\nStop: {slot('unsubscribe')}\n"
    content = Content(subject="Störung", text=text, html=f"<p>{slot('accounts')}</p>", times={1: ("14:02",)})
    people = [a_recipient(at, name='Hanna "守" Vogel', accounts="A & B") for at in range(50)]

    answers = account.call(batch=a_batch_to(people, content=content))

    account.run(account.ses.close())
    assert answers == [YES] * 50
    mail = sandbox.messages()[-1]
    opened = sandbox.read(mail.n)
    assert opened.header("X-Forewarn-Id") == "00c0ffee00c0ffee.149"
    assert opened.header("Subject") == "Störung"
    assert "Braces {{name}} and {14:02}" in (opened.text or "")
    assert "<p>A &amp; B</p>" in (opened.html or "")


def with_entry(people: int = 3) -> Batch:
    """A batch of planned work."""
    return a_batch(people, content=Content("s", "Words.\n", "<p>Words.</p>\n", {}, calendar=an_entry()))


def carried(server: SesServer) -> list[bool]:
    """Of each request, whether it carried an entry for the calendar."""
    return ["Attachments" in request["DefaultContent"]["Template"] for request in server.requests]


def test_planned_work_arrives_with_its_entry_for_the_calendar(sandbox: Sandbox, runner: asyncio.Runner) -> None:
    account = Account(runner, SesServer(), sandbox.ses_url)

    answers = account.call(batch=with_entry())

    account.run(account.ses.close())
    assert answers == [YES] * 3
    for mail in sandbox.messages():
        opened = sandbox.read(mail.n)
        ((kind, text),) = opened.entries
        assert kind.startswith("text/calendar; charset=utf-8; method=PUBLISH")
        assert text == an_entry().text
        assert "Words." in (opened.text or "") and "Words." in (opened.html or "")


def judged_by_entry(refusal: Told) -> Callable[[dict[str, Any]], Told]:
    """This for every request that carries an entry for the calendar."""
    return lambda request: refusal if "Attachments" in request["DefaultContent"]["Template"] else all_taken


@pytest.mark.parametrize(
    "refusal",
    [
        plain(400, X_Amzn_ErrorType="BadRequestException"),
        plain(400, b'{"message": "Unsupported file type"}', X_Amzn_ErrorType="MessageRejected"),
        plain(400, X_Amzn_ErrorType="ValidationException"),
        plain(403, X_Amzn_ErrorType="AccessDeniedException"),
        results(*["MESSAGE_REJECTED"] * 3),
        results(*["INVALID_PARAMETER"] * 3),
    ],
)
def test_no_notice_fails_by_an_entry_that_ses_does_not_take(
    account: Account, monkeypatch: pytest.MonkeyPatch, refusal: Told
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(ses.log, "error", lambda event, **fields: lines.append(event))
    account.server.judge = judged_by_entry(refusal)
    batch = with_entry(6)
    prepared = account.ses.prepare(batch)

    assert account.run(prepared.call(batch.recipients[:3])) == [YES] * 3
    assert account.run(prepared.call(batch.recipients[3:])) == [YES] * 3

    assert carried(account.server) == [True, False, False], "the rest of the batch goes without at once"
    assert lines == ["ses_refuses_calendar"]


def test_calls_at_once_all_go_without_an_entry_that_ses_does_not_take(account: Account) -> None:
    account.server.judge = judged_by_entry(plain(400, X_Amzn_ErrorType="BadRequestException"))
    batch = with_entry(40)
    prepared = account.ses.prepare(batch)

    async def at_once() -> list[Sequence[Answer]]:
        return await asyncio.gather(*(prepared.call(batch.recipients[at : at + 10]) for at in range(0, 40, 10)))

    assert account.run(at_once()) == [[YES] * 10] * 4
    taken = [r for r, entry in zip(account.server.requests, carried(account.server), strict=True) if not entry]
    told = [int(e["ReplacementTags"][2]["Value"]) for request in taken for e in request["BulkEmailEntries"]]
    assert sorted(told) == list(range(40)), "nobody is sent to twice"


def test_whoever_is_refused_with_and_without_an_entry_is_refused_and_the_others_keep_it(account: Account) -> None:
    account.server.judge = refuses(1)

    assert account.call(batch=with_entry(4)) == [YES, NEVER, YES, YES]
    taken = [refuses(1)(request) is all_taken for request in account.server.requests]
    assert [entry for entry, ok in zip(carried(account.server), taken, strict=True) if ok] == [True, True]


def test_a_single_refusal_beside_others_that_are_taken_is_no_matter_of_the_entry(account: Account) -> None:
    account.server.told = [results("SUCCESS", "MESSAGE_REJECTED", "SUCCESS")]

    assert account.call(batch=with_entry()) == [YES, NEVER, YES]
    assert carried(account.server) == [True]


def test_once_ses_took_the_entry_nobody_is_asked_again_without_it(account: Account) -> None:
    account.server.judge = refuses(3)
    batch = with_entry(4)
    prepared = account.ses.prepare(batch)

    assert account.run(prepared.call(batch.recipients[:3])) == [YES] * 3
    assert account.run(prepared.call(batch.recipients[3:])) == [NEVER]

    assert carried(account.server) == [True, True]


def test_without_an_answer_nothing_is_asked_again_for_the_sake_of_the_entry(account: Account) -> None:
    account.server.told = [cut]

    assert account.call(batch=with_entry()) == [UNHEARD] * 3
    assert carried(account.server) == [True]


def test_every_status_of_awss_enum_is_known() -> None:
    status = operation().output_shape.members["BulkEmailEntryResults"].member.members["Status"]

    assert set(status.enum) == set(STATUSES)
    assert set(ANSWERS) == set(Said)


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_is_of_its_own_entry(account: Account, status: str) -> None:
    account.server.told = [results("SUCCESS", status, "SUCCESS")]
    before = counted(status.lower())

    assert account.call() == [YES, STATUSES[status], YES]
    assert counted(status.lower()) - before == (3 if status == "SUCCESS" else 1)


def test_a_status_that_aws_adds_one_day_is_neither_a_yes_nor_a_no(account: Account) -> None:
    account.server.told = [results("SUCCESS", "PONDERING", "SUCCESS")]

    assert account.call() == [YES, UNHEARD, YES]


def test_every_error_of_awss_model_is_known() -> None:
    assert {shape.error_code for shape in operation().error_shapes} <= set(BY_NAME)


@pytest.mark.parametrize(
    "told, answer",
    [
        (plain(429, X_Amzn_ErrorType="TooManyRequestsException:http://x.example/"), LATER),
        (plain(429), LATER),
        (plain(400, b'{"__type": "com.amazonaws.ses#ThrottlingException"}'), LATER),
        (plain(400, X_Amzn_ErrorType="AccountSuspendedException"), FOR_PERSON),
        (plain(400, X_Amzn_ErrorType="SendingPausedException"), FOR_PERSON),
        (plain(400, X_Amzn_ErrorType="MailFromDomainNotVerifiedException"), FOR_PERSON),
        (plain(400, X_Amzn_ErrorType="LimitExceededException"), FOR_PERSON),
        *((plain(400, X_Amzn_ErrorType=name), FOR_PERSON) for name in OF_THE_CALLER),
        (plain(500, X_Amzn_ErrorType="AccessDeniedException"), FOR_PERSON),
        (plain(400, X_Amzn_ErrorType="ConfigurationSetDoesNotExistException"), FOR_PERSON),
        (plain(400, X_Amzn_ErrorType="SomethingOfTomorrowException"), FOR_PERSON),
        (plain(400), FOR_PERSON),
        (plain(404, X_Amzn_ErrorType="NotFoundException"), FOR_PERSON),
        (plain(401), FOR_PERSON),
        (plain(403, X_Amzn_ErrorType="InvalidSignatureException"), FOR_PERSON),
        (plain(403, X_Amzn_ErrorType="ExpiredTokenException"), FOR_PERSON),
        (plain(404, b"<html>"), FOR_PERSON),
        (plain(307, Location=PATH), FOR_PERSON),
        (plain(503, X_Amzn_ErrorType="ServiceUnavailable"), NotReached()),
        (plain(500, X_Amzn_ErrorType="InternalFailure"), UNHEARD),
        (plain(502, b"<html>"), UNHEARD),
        (plain(504), UNHEARD),
        (plain(200, b"<html>"), UNHEARD),
        (plain(200, b"[]"), UNHEARD),
        (plain(200, b'{"BulkEmailEntryResults": null}'), UNHEARD),
        (plain(200, b'{"BulkEmailEntryResults": [1, 2, 3]}'), UNHEARD),
        (results("SUCCESS", "SUCCESS"), UNHEARD),
        (results(*["SUCCESS"] * 4), UNHEARD),
        (cut, UNHEARD),
    ],
)
def test_what_is_said_of_a_whole_call_holds_for_all_of_it(account: Account, told: Told, answer: Answer) -> None:
    account.server.told = [told]

    assert account.call() == [answer] * 3
    assert len(account.server.requests) == 1


def test_a_connection_that_is_cut_before_the_request_was_read_may_have_been_read(account: Account) -> None:
    account.server.unread = 1

    assert account.call() == [UNHEARD] * 3
    assert account.server.requests == []


def test_silence_is_no_answer(account: Account, impatient: None) -> None:
    async def silent(request: web.Request, entries: int) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.Response()

    account.server.told = [silent]

    assert account.call() == [UNHEARD] * 3


def test_ses_that_is_away_was_not_reached(runner: asyncio.Runner) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = Account(runner, SesServer(), f"http://127.0.0.1:{unused.getsockname()[1]}")

        assert away.call() == [NotReached()] * 3

    away.run(away.ses.close())


def test_a_connection_is_made_sooner_than_a_call_must_be_on_the_wire() -> None:
    assert ses.CONNECT_SECONDS < timely.WIRE_SECONDS


def test_credentials_that_take_too_long_keep_the_call_off_the_wire(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(body: bytes) -> dict[str, str]:
        await asyncio.sleep(0.1)
        return {}

    monkeypatch.setattr(timely, "WIRE_SECONDS", 0.05)
    monkeypatch.setattr(account.ses, "_aws", SimpleNamespace(headers=slow))

    assert account.call() == [NotReached()] * 3
    assert account.server.requests == []


def test_a_proxy_that_hangs_up_on_being_asked_for_the_way_has_passed_nothing_on(runner: asyncio.Runner) -> None:
    asked: list[bytes] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    async def scene() -> Sequence[Answer]:
        proxy = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        way = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        aws = Aws(f"https://email.example{PATH}", "eu-central-1", "ses", Keys(Credentials("a", "b")), proxy=way)
        provider = Ses(aws, 1, 1)
        answers = await provider.prepare(a_batch(3)).call(a_batch(3).recipients)
        await provider.close()
        proxy.close()
        return answers

    assert runner.run(scene()) == [NotReached()] * 3
    assert asked[0].startswith(b"CONNECT ")


def test_whatever_is_raised_before_the_wire_ends_nobody(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[tuple[str, dict[str, Any]]] = []

    async def broken(body: bytes) -> dict[str, str]:
        raise RuntimeError("reader0@nordwind.example")

    monkeypatch.setattr(ses.log, "error", lambda event, **fields: lines.append((event, fields)))
    monkeypatch.setattr(account.ses, "_aws", SimpleNamespace(headers=broken))

    assert account.call() == account.call() == [NotReached()] * 3
    assert lines == [("ses_call_failed", {"error": "RuntimeError"})]


def test_whatever_is_raised_after_the_wire_may_have_been_a_yes(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> list[Said]:
        raise RuntimeError

    monkeypatch.setattr(ses, "heard", broken)

    assert account.call() == [UNHEARD] * 3


def refuses(*positions: int) -> Callable[[dict[str, Any]], Told]:
    """A 400 for every request that holds one of these."""

    def judge(request: dict[str, Any]) -> Told:
        held = {int(e["ReplacementTags"][2]["Value"]) for e in request["BulkEmailEntries"]}
        return plain(400, X_Amzn_ErrorType="BadRequestException") if held & set(positions) else all_taken

    return judge


def test_a_request_that_is_refused_is_halved_until_those_stand_alone_whom_it_was_refused_for(account: Account) -> None:
    account.server.judge = refuses(7, 31)

    answers = account.call(50)

    assert [at for at, answer in enumerate(answers) if answer == NEVER] == [7, 31]
    assert answers.count(YES) == 48
    taken = [r for r in account.server.requests if refuses(7, 31)(r) is all_taken]
    assert sum(len(r["BulkEmailEntries"]) for r in taken) == 48, "nobody is sent to twice"
    assert len(account.server.requests) <= 25


def test_halving_ends_with_the_calls_time_and_nobody_by_what_was_left_undone(account: Account, impatient: None) -> None:
    async def slow_no(request: web.Request, entries: int) -> web.StreamResponse:
        await asyncio.sleep(0.08)
        return web.Response(status=400, headers={"X-Amzn-ErrorType": "BadRequestException"})

    account.server.judge = lambda request: slow_no

    answers = account.call(4)

    assert len(answers) == 4 and set(answers) <= {NotReached(), OUR_WORDS}


def test_a_request_that_is_refused_of_everybody_ends_nobody_and_is_halved_once_for_a_batch(account: Account) -> None:
    account.server.judge = refuses(*range(100))
    batch = a_batch(8)
    prepared = account.ses.prepare(batch)
    before = counted("request_refused")

    assert account.run(prepared.call(batch.recipients[:4])) == [OUR_WORDS] * 4
    halved = len(account.server.requests)
    assert account.run(prepared.call(batch.recipients[4:7])) == [OUR_WORDS] * 3
    assert account.run(prepared.call(batch.recipients[7:])) == [OUR_WORDS]

    assert (halved, len(account.server.requests)) == (7, 9)
    assert counted("request_refused") - before == 8


def test_who_is_asked_alone_and_refused_is_refused(account: Account) -> None:
    account.server.judge = refuses(0)

    assert account.call(1) == [NEVER]


def test_once_the_batchs_words_were_taken_a_refusal_is_a_persons_own(account: Account) -> None:
    account.server.judge = refuses(2, 3)
    batch = a_batch(4)
    prepared = account.ses.prepare(batch)

    assert account.run(prepared.call(batch.recipients[:2])) == [YES] * 2
    assert account.run(prepared.call(batch.recipients[2:])) == [NEVER] * 2


@pytest.mark.parametrize("status", ["INVALID_PARAMETER", "MESSAGE_REJECTED", "FAILED"])
def test_what_is_said_of_each_of_many_is_no_fault_of_theirs(account: Account, status: str) -> None:
    account.server.told = [results(*[status] * 10), results(*[status] * 9)]

    assert account.call(10) == [OUR_WORDS] * 10
    assert account.call(9) == [NEVER] * 9


def test_a_request_that_is_too_large_is_halved_without_being_sent(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ses, "MOST_BYTES", 2000)

    assert account.call(4) == [YES] * 4
    assert len(account.server.requests) > 1


NOT_VERIFIED = "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: "


@pytest.mark.parametrize("status, told", [(200, results("MESSAGE_REJECTED")), (400, plain(400))])
@pytest.mark.parametrize(
    "text, answer",
    [
        (NOT_VERIFIED + "status@acme.example", FOR_PERSON),
        (NOT_VERIFIED + "reader0@nordwind.example", FOR_PERSON),
        ("Sending paused for this account. For more information, look into your inbox.", FOR_PERSON),
        ("Sending suspended for this account.", FOR_PERSON),
        ("Not possible for this account", FOR_PERSON),
        ("Transaction failed: virus found", NEVER),
    ],
)
def test_content_that_is_rejected_is_a_no_but_not_if_it_is_the_account_that_may_not_send(
    account: Account, status: int, told: Told, text: str, answer: Answer
) -> None:
    whole = plain(400, f'{{"message": "{text}"}}'.encode(), X_Amzn_ErrorType="MessageRejected")
    account.server.told = [results("MESSAGE_REJECTED", error=text) if status == 200 else whole]

    assert account.call(1) == [answer]


def test_whoever_could_forge_a_header_is_refused_without_spoiling_the_call(account: Account) -> None:
    people = [
        a_recipient(0),
        a_recipient(1, name="Eve\r\nBcc: all@acme.example"),
        a_recipient(2, address="jörg@x.example"),
    ]

    answers = account.call(batch=a_batch_to([*people, a_recipient(3)]))

    assert answers == [YES, NOT_ASKED, NOT_ASKED, YES]
    assert account.positions == [0, 3]


def test_a_call_to_nobody_is_not_made(account: Account) -> None:
    assert account.call(batch=a_batch_to([a_recipient(0, name="\r\n")])) == [NOT_ASKED]
    assert account.server.requests == []


def test_connections_are_kept_and_every_batch_finds_its_own_free(account: Account) -> None:
    batch = a_batch(2)
    prepared = account.ses.prepare(batch)

    async def at_once() -> None:
        await asyncio.gather(*(prepared.call(batch.recipients) for _ in range(8)))

    for _ in range(3):
        account.run(at_once())

    assert account.ses.calls_at_once * 4 == 8
    assert len(account.server.requests) == 24
    assert len(account.server.connections) <= 8


def test_what_somebody_must_see_to_is_logged_once_a_while_and_names_nobody(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(ses.log, "error", lambda event, **fields: lines.append((event, fields)))
    account.server.told = [results(*["ACCOUNT_SUSPENDED"] * 3)] * 3 + [plain(403)]

    for _ in range(4):
        account.call()

    assert [fields["said"] for _, fields in lines] == ["account_suspended", "not_allowed"]
    assert "@" not in str(lines)


def test_no_account_fault_ends_anybody() -> None:
    assert {ANSWERS[said] for said in FOR_A_PERSON} == {FOR_PERSON, OUR_WORDS}
    assert [said for said in FOR_A_PERSON if ANSWERS[said] == OUR_WORDS] == [Said.REQUEST_REFUSED], "SES answered"
    assert Said.UNAVAILABLE not in FOR_A_PERSON


def test_what_is_said_of_tests_is_not_counted(account: Account) -> None:
    before = counted("success")

    account.call(batch=a_batch(3, test=True))

    assert counted("success") == before
