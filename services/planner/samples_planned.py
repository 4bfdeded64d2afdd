"""A made-up piece of planned work and a made-up release, told on every occasion, for docs/texts.md."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forewarn.component import Impact, Touched
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import Facts, NoticeClass, ReaderAction, Status, Tasks, Window
from forewarn.subscriber import Side, Voice
from services.planner.sample import Sample
from services.planner.telling import Named, PlannedWork, Telling

START = datetime(2026, 12, 14, 20, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
STATED: Mapping[str, Mapping[str, str]] = {
    "en": {
        "benefit": "Card payments will go through within a second, also on days with many orders.",
        "action": "We are moving card payments to new machines.",
        "reason": "The new machines arrive a day late.",
        "effect": "Card payments take up to a minute. Payouts are not affected.",
        "asked": "Allow our new address 198.51.100.20 in your firewall.",
        "new": "You can now pay by instant transfer, too.",
        "gain": "Your money arrives within seconds, also at the weekend.",
        "wrong": "You can now pay by instant transfer in every currency.",
        "off": "The new machines were faulty; we send them back.",
        "slip": "The plan was meant for our test system.",
    },
    "de": {
        "benefit": "Danach gehen Kartenzahlungen in einer Sekunde durch, auch an Tagen mit vielen Bestellungen.",
        "action": "Wir ziehen die Kartenzahlung auf neue Rechner um.",
        "reason": "Die neuen Rechner kommen einen Tag später an.",
        "effect": "Kartenzahlungen dauern bis zu einer Minute. Auszahlungen sind nicht betroffen.",
        "asked": "Geben Sie unsere neue Adresse 198.51.100.20 in Ihrer Firewall frei.",
        "new": "Sie können jetzt auch per Echtzeitüberweisung bezahlen.",
        "gain": "Ihr Geld kommt in Sekunden an, auch am Wochenende.",
        "wrong": "Sie können jetzt in jeder Währung per Echtzeitüberweisung bezahlen.",
        "off": "Die neuen Rechner waren fehlerhaft; wir schicken sie zurück.",
        "slip": "Der Plan galt unserem Testsystem.",
    },
}
_SYMPTOMS = {
    "en": {"down": "Some of you cannot pay by card right now."},
    "de": {"down": "Einige von Ihnen können derzeit nicht mit Karte zahlen."},
}
_TOUCHED = (Touched("card-api", Impact.DOWN, ("card-api",)),)
_SIGNED = "Dana Roth, Acme"


def planned_samples(locale: str) -> Iterator[Sample]:
    """From the first reminder to the end, then what may come in between; in the order in which work goes."""
    stated = STATED[locale]
    work = _work(stated)
    yield Sample("Planned work, five business days ahead", work, told=False)
    yield Sample("The same while its time is not settled, at short notice", _tentative(work), told=False)
    yield Sample("Its time is settled now", _with(work, settled=True))
    yield Sample("When readers must act before planned work", _asking(work, stated), told=False)
    yield Sample("The same, a business day before they must have acted", _near(_asking(work, stated)))
    worded = replace(work, stated=replace(work.stated, symptoms=stated["effect"]))
    yield Sample("Planned work, 30 minutes ahead; somebody wrote what to expect", _at(worded, Occasion.REMINDER, -31))
    longer = _at(_with(work, end=_later(165)), Occasion.REMINDER, -31)
    yield Sample("Planned work, 30 minutes ahead, and it is known to take longer", longer)
    yield Sample("Planned work starts", _at(worded, Occasion.STARTING, -1))
    going = _going(work)
    yield Sample("Planned work on its way, by its steps", _with(going, tasks=Tasks(3, 8)))
    yield Sample("Planned work on its way, to those who hear of it only now", going, told=False)
    asked = replace(going, stated=replace(going.stated, reader_action=_asked(stated, days=4)))
    yield Sample("The same, where readers must act by a later day", _at(asked, Occasion.REMINDER, 60))
    late = _at(_with(going, end=_later(165)), Occasion.OVERRUN, 115)
    yield Sample("Planned work takes longer, and until when is known", late)
    again = _with(_at(late, Occasion.OVERRUN, 160), end=_later(200), was_end=_later(165))
    yield Sample("It takes longer once more", again)
    sooner = _at(_with(going, end=_later(90), was_end=WINDOW.end), Occasion.OVERRUN, 50)
    yield Sample("Planned work is to be finished sooner", sooner)
    back = _with(_at(sooner, Occasion.OVERRUN, 80), end=WINDOW.end, was_end=_later(90))
    yield Sample("It will not be finished sooner after all", back)
    open_end = replace(_at(going, Occasion.OVERRUN, 119), promised_at=_later(150))
    yield Sample("Planned work takes longer, and until when is not known", open_end)
    yield Sample("Planned work is late, and there is no news", _silent(open_end, 1))
    yield Sample("Planned work is late, and there is no news for the third time", _silent(open_end, 3))
    yield Sample("Planned work is finished", _done(going, 105))
    yield Sample("Planned work is finished, to those who hear of it only now", _done(going, 105), told=False)
    yield Sample("Planned work is finished, later than planned", _done(going, 198))
    moved = _moved(work, stated)
    yield Sample("Planned work is postponed", moved)
    yield Sample("Planned work is cancelled", _cancelled(work, stated))
    kept_free = _with(work, tentative=True, recurs=True)
    yield Sample("A regular window, while nobody knows whether it is used", kept_free, told=False)
    yield Sample("A regular window is not used", _with(_cancelled(work, stated), recurs=True))
    wrong = replace(work, occasion=Occasion.CORRECTION, said=replace(work.stated, window=_shifted(-1)))
    yield Sample("Planned work was told wrongly", wrong)
    yield Sample("Planned work was announced in error", _withdrawn(work, stated))
    yield Sample("Planned work, to support", _inside(_tentative(work)), Voice.SUPPORT, told=False)
    own = _inside(_with(work, short_notice=True, minimums=("20bd",)))
    yield Sample("A reminder for accounts with a minimum notice alone, to support", own, Voice.SUPPORT, told=False)
    yield Sample("The same, to an account team", own, Voice.ACCOUNT_TEAM, told=False)
    yield Sample("Planned work is late, to an account team", _inside(open_end), Voice.ACCOUNT_TEAM)
    yield Sample("Planned work is postponed, to colleagues", _inside(moved), Voice.INTERNAL)
    yield Sample("It will not be finished sooner after all, to colleagues", _inside(back), Voice.INTERNAL)
    yield from _announced(stated)


def _announced(stated: Mapping[str, str]) -> Iterator[Sample]:
    facts = Facts(version="4.2", whats_new=stated["new"], benefit=stated["gain"], signed_by=_SIGNED)
    release = replace(_work(stated), outage="ANN-2", occasion=Occasion.FIRST, stated=facts, work=None)
    yield Sample("A release", release, told=False)
    wrong = replace(release, occasion=Occasion.CORRECTION, said=replace(facts, whats_new=stated["wrong"]))
    yield Sample("A release was announced wrongly", wrong)
    yield Sample("A release, to support", _inside(release), Voice.SUPPORT, told=False)


def _later(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def _shifted(days: int) -> Window:
    return Window(WINDOW.start + timedelta(days=days), WINDOW.end + timedelta(days=days))


def _work(stated: Mapping[str, str]) -> Telling:
    now = START - timedelta(days=7)
    return Telling(
        outage="MNT-3",
        occasion=Occasion.REMINDER,
        side=Side.OUTSIDE,
        opened_at=now,
        closed_at=None,
        stated=Facts(
            status=Status.SCHEDULED,
            window=WINDOW,
            benefit=stated["benefit"],
            action=stated["action"],
            communicator="dana",
            changes_requested_by=("Kim Lee",),
            signed_by=_SIGNED,
        ),
        observed=Facts(),
        by_person=True,
        touched=_TOUCHED,
        names={"card-api": Named("card-api", "Acme Pay", _SYMPTOMS)},
        promised_at=None,
        now=now,
        subject_name="Acme Pay",
        company=Company(status_page="https://status.acme.example"),
        work=PlannedWork(WINDOW, WINDOW.end, Status.SCHEDULED),
    )


def _with(telling: Telling, **work: object) -> Telling:
    assert telling.work is not None
    return replace(telling, work=replace(telling.work, **work))  # type: ignore[arg-type]


def _at(telling: Telling, occasion: Occasion, minutes: int) -> Telling:
    return replace(telling, occasion=occasion, now=_later(minutes))


def _tentative(work: Telling) -> Telling:
    major = replace(work.stated, notice_class=NoticeClass.MAJOR)
    return _with(replace(work, stated=major), tentative=True, short_notice=True)


def _asking(work: Telling, stated: Mapping[str, str]) -> Telling:
    asked = _asked(stated, days=-3)
    return replace(work, stated=replace(work.stated, reader_action=asked, notice_class=NoticeClass.ACTION_REQUIRED))


def _asked(stated: Mapping[str, str], days: int) -> ReaderAction:
    return ReaderAction(stated["asked"], START + timedelta(days=days), "https://acme.example/addresses")


def _near(work: Telling) -> Telling:
    return replace(work, now=START - timedelta(days=4))


def _going(work: Telling) -> Telling:
    begun = replace(work, stated=replace(work.stated, status=Status.IN_PROGRESS, responders=("kim",)))
    return _at(_with(begun, status=Status.IN_PROGRESS), Occasion.PROGRESS, 30)


def _silent(late: Telling, in_a_row: int) -> Telling:
    held = _at(late, Occasion.HOLDING, 119 + 30 * in_a_row)
    return replace(held, holdings=in_a_row, news_at=_later(119), promised_at=_later(150 + 30 * in_a_row))


def _done(going: Telling, minutes: int) -> Telling:
    done = replace(going.stated, status=Status.COMPLETED, action=None)
    over = _at(_with(going, status=Status.COMPLETED), Occasion.COMPLETED, minutes)
    return replace(over, stated=done, closed_at=_later(minutes))


def _moved(work: Telling, stated: Mapping[str, str]) -> Telling:
    facts = replace(work.stated, window=_shifted(1), cause=stated["reason"])
    told = replace(work, occasion=Occasion.DELAYED, stated=facts, now=START - timedelta(days=2))
    return _with(told, window=_shifted(1), end=_shifted(1).end, was=WINDOW)


def _cancelled(work: Telling, stated: Mapping[str, str]) -> Telling:
    facts = replace(work.stated, status=Status.CANCELLED, cause=stated["off"])
    now = START - timedelta(days=2)
    told = replace(work, occasion=Occasion.CANCELLED, stated=facts, now=now, closed_at=now)
    return _with(told, status=Status.CANCELLED)


def _withdrawn(work: Telling, stated: Mapping[str, str]) -> Telling:
    facts = Facts(note=stated["slip"], signed_by=_SIGNED)
    return replace(work, occasion=Occasion.WITHDRAWN, stated=facts, withdrawn=True, closed_at=work.now)


def _inside(telling: Telling) -> Telling:
    return replace(telling, side=Side.INSIDE, subject_name="card-api")
