"""What a client of SES meets."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from forewarn.dev.sandbox.client import Sandbox
from forewarn.dev.sandbox.ses.behaviour import SesStatus
from tests.forewarn.dev.sandbox.ses.conftest import TEMPLATE, Call, an_entry

Recorded = Callable[[], list[bytes]]


def statuses(answer: dict[str, Any]) -> list[str]:
    return [each["Status"] for each in answer["BulkEmailEntryResults"]]


def fault(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"], error.value.response["Error"]["Code"]


def test_what_is_accepted_can_be_read_as_a_mail(sandbox: Sandbox, send: Call) -> None:
    send(an_entry("ada@x.example"), an_entry("bo@x.example", name="Bo & <b>"))

    mail = sandbox.messages(to="BO@x.example")[0]
    opened = sandbox.read(mail.n)

    assert (mail.provider, mail.id, mail.notice, mail.sender) == (
        "ses",
        "c0ffee.7",
        "c0ffee",
        "Status <status@acme.example>",
    )
    assert mail.subject == "[INC-7] Zahlungen gestört"
    assert (opened.text, opened.html) == ("Hallo Bo & <b>", "<p>Hallo Bo & <b></p>")
    assert opened.header("List-Unsubscribe") == "<https://door.example/u/t>"


def test_an_attachment_arrives_beside_both_bodies(sandbox: Sandbox, send: Call) -> None:
    entry = "BEGIN:VCALENDAR\r\nSUMMARY:Störung\r\n" * 9
    file = {"FileName": "invite.ics", "ContentType": "text/calendar; method=PUBLISH", "RawContent": entry.encode()}
    template = {"TemplateContent": TEMPLATE, "TemplateData": '{"what": "Zahlungen"}', "Attachments": [file]}

    send(an_entry(), DefaultContent={"Template": template})

    opened = sandbox.read(sandbox.messages()[0].n)
    assert opened.entries == (('text/calendar; method=PUBLISH; name="invite.ics"', entry),)
    assert (opened.text, opened.html) == ("Hallo Ada", "<p>Hallo Ada</p>")


def test_a_recipient_with_a_name_is_known_by_the_address(sandbox: Sandbox, send: Call) -> None:
    sandbox.behave(ses={"refuse": [{"to_regex": "^no@x[.]example$", "status": "FAILED"}]})

    answer = send(an_entry('"Ada \\"A\\" <L>" <ada@x.example>'), an_entry("=?utf-8?b?w4Q=?= <no@x.example>"))

    (mail,) = sandbox.messages(to="ada@x.example")
    assert statuses(answer) == ["SUCCESS", "FAILED"] and mail.recipients == ("ada@x.example",)
    assert sandbox.read(mail.n).header("To") == '"Ada \\"A\\" <L>" <ada@x.example>'
    assert [each.address for each in sandbox.acceptances()] == ["ada@x.example"]


def test_each_accepted_entry_has_a_message_id_of_its_own(sandbox: Sandbox, send: Call) -> None:
    results = send(an_entry("u@x.example"), an_entry("v@x.example"))["BulkEmailEntryResults"]

    answered = [f"<{each['MessageId']}@eu-central-1.amazonses.com>" for each in results]
    assert [mail.message_id for mail in sandbox.messages()] == answered
    assert len(set(answered)) == 2


def test_the_inbox_shows_it(sandbox: Sandbox, send: Call) -> None:
    send(an_entry("ada@x.example"))
    n = sandbox.messages()[0].n

    listed, opened = (urllib3.request("GET", sandbox.url + path).data.decode() for path in ("/?to=ADA", f"/mail/{n}"))

    assert "[INC-7] Zahlungen gestört" in listed and "ada@x.example" in listed
    assert f"by SES, as message {n}" in opened and f"/mail/{n}/html" in opened


@pytest.mark.parametrize("status", [each for each in SesStatus if each is not SesStatus.SUCCESS])
def test_every_status_can_be_met_by_one_entry_among_others(sandbox: Sandbox, send: Call, status: str) -> None:
    sandbox.behave(ses={"refuse": [{"to_regex": "^no@", "status": status, "error": "because", "times": 1}]})

    answer = send(an_entry("u@x.example"), an_entry("no@x.example"))

    assert statuses(answer) == ["SUCCESS", status]
    assert answer["BulkEmailEntryResults"][1]["Error"] == "because"
    assert [mail.recipients[0] for mail in sandbox.messages()] == ["u@x.example"]
    assert sandbox.behaviour().ses.refuse == ()


def test_a_status_is_known_exactly_if_the_model_of_botocore_knows_it(client: BaseClient) -> None:
    assert list(SesStatus) == client.meta.service_model.shape_for("BulkEmailStatus").enum


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "BadRequestException"),
        (403, "AccessDeniedException"),
        (429, "TooManyRequestsException"),
        (500, "InternalFailure"),
        (503, "ServiceUnavailable"),
    ],
)
def test_a_whole_call_can_fail_and_nothing_of_it_is_recorded(
    sandbox: Sandbox, send: Call, recorded: Recorded, status: int, code: str
) -> None:
    sandbox.behave(ses={"fail": [{"status": status, "times": 1}]})

    with pytest.raises(ClientError) as error:
        send()

    assert fault(error) == (status, code)
    assert sandbox.record.read_bytes() == b""
    assert statuses(send()) == ["SUCCESS"]


def test_a_fault_of_the_account_has_the_name_it_is_given(sandbox: Sandbox, send: Call) -> None:
    sandbox.behave(ses={"fail": [{"status": 400, "type": "SendingPausedException", "to_regex": "^u@"}]})

    with pytest.raises(ClientError) as error:
        send(an_entry("v@x.example"), an_entry("u@x.example"))

    assert fault(error) == (400, "SendingPausedException")
    assert statuses(send(an_entry("v@x.example"))) == ["SUCCESS"]


def test_above_the_rate_a_whole_call_is_refused(sandbox: Sandbox, send: Call) -> None:
    sandbox.behave(ses={"max_send_rate": 1})
    send(an_entry(), an_entry())  # a call may take more than there is; the next one pays

    with pytest.raises(ClientError) as error:
        send()

    assert fault(error) == (429, "TooManyRequestsException")
    assert sandbox.count()["accepted"] == 2


def test_above_the_rate_the_entries_that_are_too_many_are_throttled(sandbox: Sandbox, send: Call) -> None:
    sandbox.behave(ses={"max_send_rate": 2, "throttle": "entry"})

    answer = send(*(an_entry(f"u{n}@x.example") for n in range(4)))

    assert statuses(answer) == ["SUCCESS", "SUCCESS", "ACCOUNT_THROTTLED", "ACCOUNT_THROTTLED"]
    assert sandbox.count()["accepted"] == 2


def test_the_account_tells_its_rate_and_what_it_sent(sandbox: Sandbox, client: BaseClient, send: Call) -> None:
    send(an_entry(), an_entry())
    sandbox.behave(ses={"max_send_rate": 200})

    quota = client.get_account()["SendQuota"]

    assert quota == {"Max24HourSend": -1.0, "MaxSendRate": 200.0, "SentLast24Hours": 2.0}


def test_every_word_about_the_account_is_one_of_aws_s_model(sandbox: Sandbox, client: BaseClient) -> None:
    shape = client.meta.service_model.operation_model("GetAccount").output_shape
    sandbox.behave(ses={"checks": False})

    told = urllib3.request("GET", f"{sandbox.ses_url}/v2/email/account").json()

    assert set(told) <= set(shape.members)
    assert set(told["SendQuota"]) == set(shape.members["SendQuota"].members)


def test_an_account_that_may_not_send_says_so_and_takes_nothing(
    sandbox: Sandbox, client: BaseClient, send: Call
) -> None:
    sandbox.behave(ses={"sending_enabled": False})

    with pytest.raises(ClientError) as error:
        send()

    assert fault(error) == (400, "SendingPausedException")
    assert client.get_account()["SendingEnabled"] is False
    assert sandbox.count()["accepted"] == 0


@pytest.mark.parametrize(("stage", "accepted"), [("before_accept", 0), ("after_accept", 1)])
def test_silence_leaves_an_acceptance_only_after_accept(
    sandbox: Sandbox, send: Call, stage: str, accepted: int
) -> None:
    sandbox.behave(ses={"time_out": [{"to_regex": "^u@", "stage": stage, "hang_seconds": 0.1}]})

    with pytest.raises((ConnectionClosedError, HTTPClientError)):
        send()

    assert sandbox.count()["accepted"] == accepted
    assert statuses(send(an_entry("v@x.example"))) == ["SUCCESS"]


@pytest.mark.parametrize(("stage", "accepted"), [("before_accept", 0), ("after_accept", 1)])
def test_a_cut_leaves_an_acceptance_only_after_accept(sandbox: Sandbox, send: Call, stage: str, accepted: int) -> None:
    sandbox.behave(ses={"drop": [{"stage": stage}]})

    with pytest.raises((ConnectionClosedError, HTTPClientError)):
        send()

    assert sandbox.count()["accepted"] == accepted


def test_a_client_that_leaves_during_the_latency_leaves_no_record(sandbox: Sandbox, client: BaseClient) -> None:
    sandbox.behave(ses={"latency_ms": 300, "checks": False})

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        urllib3.request(
            "POST",
            f"{sandbox.ses_url}/v2/email/outbound-bulk-emails",
            json={"BulkEmailEntries": [an_entry()]},
            timeout=0.1,
            retries=False,
        )
    time.sleep(0.4)

    assert sandbox.count()["accepted"] == 0


def test_an_answer_can_be_short_though_all_was_accepted(sandbox: Sandbox, send: Call) -> None:
    sandbox.behave(ses={"short": [{"missing": 2}]})

    answer = send(*(an_entry(f"u{n}@x.example") for n in range(3)))

    assert statuses(answer) == ["SUCCESS"]
    assert sandbox.count()["accepted"] == 3


def test_without_checks_a_call_is_taken_as_it_comes(sandbox: Sandbox) -> None:
    sandbox.behave(ses={"checks": False})

    answer = urllib3.request(
        "POST", f"{sandbox.ses_url}/v2/email/outbound-bulk-emails", json={"BulkEmailEntries": [an_entry("nobody")] * 60}
    )

    assert answer.status == 200 and len(answer.json()["BulkEmailEntryResults"]) == 60
    assert sandbox.count()["accepted"] == 60
    assert sandbox.messages()[0].recipients == ("nobody",)


def test_a_wrong_entry_is_refused_alone(sandbox: Sandbox, send: Call) -> None:
    answer = send(an_entry("u@x.example"), an_entry("no address"))

    assert statuses(answer) == ["SUCCESS", "INVALID_PARAMETER"]
    assert "Illegal address" in answer["BulkEmailEntryResults"][1]["Error"]


def test_a_template_that_is_stored_is_not_found(send: Call) -> None:
    answer = send(DefaultContent={"Template": {"TemplateName": "hello", "TemplateData": "{}"}})

    assert statuses(answer) == ["TEMPLATE_NOT_FOUND"]


def test_a_malformed_call_is_refused_whole(sandbox: Sandbox, send: Call) -> None:
    with pytest.raises(ClientError, match="BulkEmailEntries: 51 entries") as error:
        send(*[an_entry()] * 51)

    assert fault(error) == (400, "BadRequestException")
    assert sandbox.count()["accepted"] == 0


def test_another_operation_is_unknown(sandbox: Sandbox, client: BaseClient) -> None:
    with pytest.raises(ClientError) as error:
        client.list_contact_lists()

    assert fault(error) == (404, "UnknownOperationException")


def test_an_unsigned_call_is_refused(sandbox: Sandbox) -> None:
    answer = urllib3.request("GET", f"{sandbox.ses_url}/v2/email/account")

    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationTokenException")
    assert answer.json() == {"message": "Missing Authentication Token"}


def test_a_secret_that_is_not_the_account_s_is_refused(sandbox: Sandbox, client: BaseClient) -> None:
    credentials = client._request_signer._credentials
    kept, credentials.secret_key = credentials.secret_key, "stolen"

    try:
        with pytest.raises(ClientError) as error:
            client.get_account()
    finally:
        credentials.secret_key = kept

    assert fault(error) == (403, "InvalidSignatureException")
