"""What the demo shows, line by line, on real servers."""

from tests.support.home import Home, an_alert, an_event

CUSTOMERS = {
    "hanna.vogel@nordwind.example",
    "kenji.morita@nordwind.example",
    "grace.whitfield@kranich.example",
    "daniel.reyes@kranich.example",
    "tilda.marsh@tilda.example",
    "owen.price@tilda.example",
}


def test_an_alert_tells_eleven_of_twelve_support_first(home: Home) -> None:
    home.import_demo()
    unsubscribe(home, "owen.price@tilda.example")

    status, _ = home.alert(an_alert())

    assert status == 202
    home.sandbox.wait_for(11, 20)
    letters = home.accounted()
    assert sorted(letters) == ["S", *"a" * 11]
    readers = home.readers()
    assert len(set(readers)) == 11
    assert CUSTOMERS - set(readers) == {"owen.price@tilda.example"}
    assert not CUSTOMERS & set(readers[:4]), "support and account teams hear before any customer"


def test_an_update_reaches_everybody_who_was_told(home: Home) -> None:
    home.import_demo()
    home.told(an_event())

    home.told({"about": "INC-1", "status": "identified", "cause": "A full disk."})

    updates = home.mails()[12:]
    assert sorted(home.readers(updates)) == sorted(set(home.readers()))
    assert "A full disk." in home.text(updates[-1])


def test_resolved_reaches_everybody_who_was_told(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    told = set(home.readers())

    home.told({"about": "INC-1", "status": "resolved"})

    assert sorted(home.readers(home.mails()[12:])) == sorted(told)


def unsubscribe(home: Home, address: str) -> None:
    """As the reader does it: one click on the link in a mail."""
    row = home.rows(
        "select token from subscriber s join address a on a.subscriber_id = s.id where a.address = %s", address
    )
    status, _ = home.request("POST", f"/u/{row[0]['token']}", b"List-Unsubscribe=One-Click")
    assert status == 200
