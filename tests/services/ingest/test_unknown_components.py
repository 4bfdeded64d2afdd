"""What no directory entry names is told inside, and shown."""

from tests.support.home import DEMO, Home, an_alert


def test_an_alert_of_no_known_component_is_told_inside_only_and_shown(home: Home) -> None:
    home.import_demo()

    _, answer = home.alert(an_alert("zeppelin"))
    home.done(answer["event_id"])
    home.accounted()

    assert set(home.readers()) == {"mara.lindqvist@acme.example", "joel.okafor@acme.example"}
    (outage,) = home.desk("/v1/status")["outages"]
    assert (outage["components"], outage["unknown_components"]) == ([], ["zeppelin"])


def test_an_alert_reaches_customers_once_its_component_is_imported(home: Home) -> None:
    people = (DEMO / "people.csv").read_bytes()
    assert home.request("PUT", "/v1/directory/people?format=csv", people)[0] == 200
    alert = an_alert()
    home.done(home.alert(alert)[1]["event_id"])
    home.import_demo()

    home.done(home.alert(alert)[1]["event_id"])
    home.accounted()

    (outage,) = home.desk("/v1/status")["outages"]
    assert (outage["components"], outage["unknown_components"]) == (["card-payments"], [])
    assert "hanna.vogel@nordwind.example" in home.readers()
