"""What each rule takes offence at, and what stands close by and is fine."""

import pytest

from forewarn.component import Impact
from forewarn.linter.finding import Code, Finding, Severity
from forewarn.linter.lint import lint_facts, lint_text
from forewarn.outage import Facts, Kind, ReaderAction, Status

FAULTS = {
    Code.BLAME: [
        "The trouble was caused by a wrong delivery of our supplier.",
        "Because of our hosting provider you cannot log in.",
        "There is a problem with our payment processor.",
        "Somebody on the network team forgot to renew it.",
        "It is Cloudflare's fault.",
        "Kollege Müller hat vergessen, es zu erneuern.",
        "Verursacht durch einen Defekt beim Netzbetreiber.",
        "Die Störung geht auf höhere Gewalt zurück.",
        "Es lag an einem Defekt, weil ein Techniker den Stecker verwechselt hat.",
    ],
    Code.JARGON: [
        "You see degraded performance.",
        "The API answers with 5xx.",
        "Requests fail with HTTP 503.",
        "Nach dem Deployment war die Latenz hoch.",
    ],
    Code.ACRONYM: ["The CDN is away.", "Our VMs are full.", "Das BGP unserer Leitung war falsch."],
    Code.HOST_NAME: [
        "web01 is full.",
        "The disk of fra1-k8s-node-7 is full.",
        "See https://grafana.corp/d/1 for more.",
    ],
    Code.IP_ADDRESS: ["10.0.3.4 does not answer.", "Nobody reaches 2001:db8::7 today."],
    Code.TICKET_ID: ["See OPS-4711.", "It came with CHG0012345.", "We follow it in ticket 48213.", "See #48213."],
    Code.STACK_TRACE: [
        "Traceback (most recent call last):",
        "It died with exit code 137.",
        "ConnectionError in charge",
    ],
    Code.COMPONENT_KEY: ["component:default/ledger-db is full.", "The payment_gateway is full."],
    Code.PLACEHOLDER: [
        "It is back by <time>.",
        "The cause is TBD.",
        "Hello {{ name }}, we are sorry.",
        "${WHO} is on it.",
    ],
    Code.CERTAINTY: [
        "This cannot happen again.",
        "Rest assured that all is well.",
        "So etwas wird sich nicht wiederholen.",
        "Wir haben alles unter Kontrolle.",
    ],
    Code.VAGUE_TIME: ["It will be back soon.", "We reply as soon as possible.", "Das Portal ist bald wieder da."],
    Code.PLAYED_DOWN: [
        "It is just a small delay.",
        "Only a few customers see it.",
        "Es sind lediglich kleine Störungen.",
        "Für eventuell entstandene Unannehmlichkeiten bitten wir um Entschuldigung.",
        "Nur einzelne Kunden merken es.",
    ],
    Code.EVASION: ["Mistakes were made.", "A problem was detected.", "Es wird mit Hochdruck daran gearbeitet."],
    Code.EXCLAMATION: ["We are back!", "Wir sind wieder da!"],
    Code.ALL_CAPS: ["Please do NOT log in.", "CARDS FAIL TODAY.", "Das ist WICHTIG.", "The portal is UNAVAILABLE."],
    Code.TIME_WITHOUT_ZONE: ["It began at 14:02.", "We write by 3 pm.", "Um 9.30 Uhr geht es weiter."],
}

FINE = [
    "It was not caused by our provider.",
    "We have moved to another provider, so payouts arrive earlier.",
    "Wegen des Umzugs zu einem neuen Anbieter sind Mails langsamer.",
    "Our team is looking into it together with the supplier.",
    "The disk of the ledger database is full.",
    "Pay by SEPA or with your PIN; the PDF shows the IBAN.",
    "The domain name system (DNS) forgot us, and the DNS is slow to learn.",
    "INC-7 was opened at 14:02 UTC.",
    "It concerns version 2.4.1.0 of the app, and CVE-2026-1234 in it.",
    "Write to help@acme.example or see https://docs.acme.example/a_b/C-12!/x.",
    "We cannot guarantee this.",
    "Wir können das nicht garantieren.",
    "You will hear from us as soon as we know more.",
    "Sobald wir mehr wissen, melden wir uns.",
    "We write again soon, by 15:00 CET.",
    "It will be back shortly, within 20 minutes.",
    "Shortly before 15:00 CET it was over.",
    "There is only a few seconds of interruption.",
    "Betroffen sind nur Kunden in Berlin.",
    "We have found the cause.",
    'You may read "NOT FOUND! Error 503" on your screen.',
    "Sie lesen vielleicht „FEHLER 503“.",
    "Between 14:02 and 15:09 CET it was slow.",
    "It began at 14:02 (UTC+1).",
    "It began at 2 pm Berlin time.",
    "Um 9.30 Uhr MEZ geht es weiter.",
    "At 2026-12-05T18:00:00+01:00 it ends.",
    "It took 1:30 hours.",
    "[TEST] This is a rehearsal.",
    "The CEO and I am sorry.",
    "Apps since iOS 17 and Windows 11 work.",
    "Unsere Techniker haben den Fehler gefunden, der die Störung verursacht hat.",
    "Wir haben umgehend eine größere Festplatte eingebaut.",
    "Jede Bestellung wird geprüft und dann ausgeliefert.",
    "We soon noticed that no error was found in your data.",
    "Wir planen es für KW-48, also Q4-2026.",
    "Beim Umzug haben wir eine Einstellung vergessen. Sie ist jetzt gesetzt.",
    "We have asked our supplier for a second line, so that one cut no longer stops us.",
    "Files over 10 MB take longer.",
    "It helps 24/7, in a ratio of 3:1.",
]


def codes(found: list[Finding]) -> set[Code]:
    return {each.code for each in found}


def words_of(text: str) -> set[Code]:
    """What is found in a cause, where nothing is missed."""
    return codes(lint_facts(Facts(cause=text), Kind.INCIDENT, known=None))


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, each in FAULTS.items() for text in each])
def test_each_fault_is_found_and_it_alone(code: Code, text: str) -> None:
    assert words_of(text) == {code}


@pytest.mark.parametrize("text", FINE)
def test_what_stands_close_to_a_fault_is_fine(text: str) -> None:
    assert words_of(text) == set()


def test_every_code_is_shown_to_be_found_somewhere() -> None:
    missing = {code for code in Code if code.startswith("no-")}

    assert set(Code) - missing == FAULTS.keys()


def test_a_finding_names_code_severity_place_words_and_what_to_do() -> None:
    found = lint_facts(Facts(note="It is back at 3 pm, not at 2 pm."), Kind.INCIDENT, "en", None)

    assert found == [
        Finding(
            Code.TIME_WITHOUT_ZONE,
            Severity.BETTER,
            "note",
            '"3 pm" and "2 pm" stand without a zone.',
            "Add it, as in 14:32 CET; readers may live in another one.",
        )
    ]


def test_quoted_words_are_few_short_and_cannot_steer_a_terminal() -> None:
    long = f"db-{'9' * 50}"

    machines = lint_facts(Facts(note=f"{long} web01 web02 web03"), Kind.INCIDENT, "en", None)
    traces = lint_facts(Facts(note='File "pay\x1b[31m.py", line 7'), Kind.INCIDENT, "en", None)

    assert machines[0].what == f'"db-{"9" * 36}…" and "web01" and "web02" are names of a machine of yours.'
    assert traces[0].what == '"File "pay[31m.py", line 7" was written by a machine for programmers.'


def test_a_whole_text_says_on_which_line() -> None:
    found = lint_text("Some of you cannot log in.\n\nWe are sorry.\nIt will be back\nsoon.\n\n-- Dana, Acme", "en")

    assert [(each.code, each.place) for each in found] == [(Code.NO_NEXT_UPDATE, "text"), (Code.VAGUE_TIME, "line 4")]


def test_a_component_is_not_called_by_its_key() -> None:
    facts = Facts(components={"card-payments": Impact.DOWN, "payouts": Impact.DOWN, "sign-in": Impact.DOWN})

    keyed = Facts(components=facts.components, symptoms="Card-payments, payouts and sign-in fail.")
    named = Facts(components=facts.components, symptoms="Card payments, Card-Payments, payouts and sign-in fail.")

    assert codes(lint_facts(keyed, Kind.INCIDENT, known=None)) == {Code.COMPONENT_KEY}
    assert lint_facts(named, Kind.INCIDENT, known=None) == []
    assert Code.COMPONENT_KEY in codes(lint_text("The ledger-db is full.", "en", keys=["ledger-db"]))


def test_what_readers_must_enter_may_stand_to_the_letter() -> None:
    what = "Point the CNAME at 198.51.100.20 in `dns_zone`."

    asked = Facts(reader_action=ReaderAction(what, by=None))

    assert codes(lint_facts(asked, Kind.INCIDENT, known=None)) == {Code.NO_DEADLINE}
    assert words_of("The CNAME points at 198.51.100.20.") == {Code.ACRONYM, Code.IP_ADDRESS}
    assert words_of("Please add 198.51.100.20 to your firewall.") == set()


def test_words_of_the_house_can_be_allowed() -> None:
    facts = Facts(cause="The KYC check needs a deployment.")

    assert codes(lint_facts(facts, Kind.INCIDENT, "en", None)) == {Code.ACRONYM, Code.JARGON}
    assert lint_facts(facts, Kind.INCIDENT, "en", None, allowed=["KYC", "deployment"]) == []


def test_what_is_on_record_is_not_missed() -> None:
    known = Facts(symptoms="You cannot log in.", communicator="dana")
    facts = Facts(status=Status.IDENTIFIED, cause="A disk is full.")

    assert codes(lint_facts(facts, Kind.INCIDENT, "en", known)) == {Code.NO_NEXT_UPDATE}
    assert lint_facts(facts, Kind.INCIDENT, "en", None) == []


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.COMPLETED])
def test_what_is_over_owes_neither_a_next_update_nor_a_benefit(status: Status) -> None:
    facts = Facts(status=status, symptoms="You could not log in.", signed_by="Dana")

    assert [lint_facts(facts, kind, "en") for kind in (Kind.INCIDENT, Kind.MAINTENANCE)] == [[], []]


def test_a_far_next_update_may_be_the_page() -> None:
    said = "You cannot log in. We are sorry. You will hear from us again as soon as we know more.\n\n— Dana\n\n"

    assert codes(lint_text(said, "en")) == {Code.NO_NEXT_UPDATE}
    assert lint_text(f"{said}Follow along: https://status.acme.example", "en") == []


def test_one_sentence_can_give_the_zone_of_all_times() -> None:
    said = "You cannot log in since 14:02. We are sorry. The next update comes by 15:02.\n\n— Dana\n\n"

    assert codes(lint_text(said, "en")) == {Code.TIME_WITHOUT_ZONE}
    assert lint_text(f"{said}All times are in CET.", "en") == []


@pytest.mark.parametrize(
    ("symptoms", "missed"),
    [
        ("Einige Kartenzahlungen dauern länger als sonst.", set()),
        ("Die Arbeiten dauern länger als geplant.", {Code.NO_APOLOGY}),
        ("Sie werden länger dauern als angekündigt.", {Code.NO_APOLOGY}),
    ],
)
def test_slow_payments_during_planned_work_are_no_delay_of_it(symptoms: str, missed: set[Code]) -> None:
    said = f"Wir arbeiten am Montag, 7. Dezember, an „card payments“.\n\n{symptoms}"

    assert codes(lint_text(f"{said}\n\n— The Acme status team", "de", Kind.MAINTENANCE)) & {Code.NO_APOLOGY} == missed


def test_a_language_without_lists_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'fr' has no word lists; there are en, de"):
        lint_text("Bonjour", "fr")
