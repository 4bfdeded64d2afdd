"""The secrets of a webhook."""

from forewarn.contracts.api import Refusal, WebhookSecretView

from .conftest import Run
from .house import House

ASKED = "GET /v1/directory/people/crm%2F101/webhook-secret"
NEW, OLD = f"whsec_{'n' * 43}=", f"whsec_{'o' * 43}="
VIEW = WebhookSecretView(id="crm/101", url="https://hooks.acme.example/in", secrets=[NEW, OLD])


def test_the_newest_secret_comes_first_and_whole(house: House, run: Run) -> None:
    house.says(ASKED, VIEW)

    ran = run("directory", "secret", "crm/101")

    assert ran.code == 0
    assert ran.out.split() == [
        *("id", "crm/101", "webhook", "https://hooks.acme.example/in"),
        *("secret", NEW, "older", "secret", OLD),
    ]


def test_as_json_it_is_what_the_door_answers(house: House, run: Run) -> None:
    house.says(ASKED, VIEW)

    assert run("directory", "secret", "crm/101", "--json").json == VIEW.model_dump()


def test_why_there_is_none_is_said_in_the_doors_words(house: House, run: Run) -> None:
    house.says(ASKED, (409, Refusal(reason="crm/101 has no webhook in the directory; import one first")))

    ran = run("directory", "secret", "crm/101")

    assert ran.code == 1
    assert "has no webhook in the directory" in ran.err
