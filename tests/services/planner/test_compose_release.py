"""What a reader finds in an announcement."""

import pytest

from forewarn.notice import CHILDREN, Occasion
from forewarn.outage import Facts, ReaderAction

from .tellings import OPENED, compose, read
from .works import a_release, every_release


def test_a_release_says_what_is_new_and_what_it_is_good_for() -> None:
    mail = read(a_release(), told=False)

    assert mail.subject == "Acme Release 4.2 Announcement"
    assert mail.words.startswith(
        "You can now pay by bank transfer, too. This comes with Release 4.2. "
        "What you gain: Your money arrives faster. — Dana Roth, Acme"
    )


def test_what_does_not_fit_a_headline_stands_below_one() -> None:
    long = "You can now pay by bank transfer. " * 9

    assert read(a_release(stated=Facts(version="4.2", whats_new=long))).words.startswith(
        f"We announce Release 4.2. {long.strip()}"
    )
    assert read(a_release(stated=Facts(whats_new=long))).words.startswith("There is news about card payments. You")


def test_what_readers_must_do_stands_with_deadline_and_link() -> None:
    asked = ReaderAction("Make a key.", OPENED.replace(month=12), "https://acme.example/keys")

    said = read(a_release(stated=Facts(whats_new="Passwords end.", reader_action=asked))).words

    assert "Please do this by Thursday 24 December, 14:02 CET (UTC+1) Make a key. This is how: https://acme" in said


def test_a_pipelines_release_is_told_in_its_own_words() -> None:
    observed = Facts(version="release 4.3", whats_new="You can pay in yen.", cause="build 77", note="merge #12")

    mail = read(a_release(stated=Facts(), observed=observed, by_person=False), told=False)

    assert mail.subject == "Acme Release 4.3 Announcement"
    assert mail.words.startswith("You can pay in yen. This comes with Release 4.3.")
    assert not any(words in mail.words for words in ("build 77", "merge"))


@pytest.mark.parametrize("occasion", [Occasion.UPDATE, *sorted(CHILDREN)])
def test_whoever_was_told_reads_that_it_is_said_again(occasion: Occasion) -> None:
    again = "We told you of this before; this is what holds now."

    assert again in read(a_release(occasion=occasion)).words
    assert again not in read(a_release(occasion=occasion), told=False).words


def test_a_release_announced_wrongly_is_corrected() -> None:
    said = read(a_release(occasion=Occasion.CORRECTION, said=Facts(whats_new="You can pay by cheque."))).words

    assert said.startswith(
        "We have to correct what we announced about Release 4.2. We are sorry: some of what we told you was wrong. "
        "What is new We said: You can pay by cheque. Corrected: You can now pay by bank transfer, too. "
        "What still holds What you gain: Your money arrives faster."
    )


def test_a_release_announced_in_error_leaves_nothing_of_it() -> None:
    told, untold = (
        read(a_release(occasion=Occasion.WITHDRAWN, withdrawn=True), told=told).words for told in (True, False)
    )

    assert told.startswith("We announced Release 4.2 in error. Please disregard it. You need not do anything.")
    assert untold.startswith("An announcement of Release 4.2 was an error. You need not do anything.")
    assert "bank transfer" not in told + untold


def test_no_announcement_promises_anything_or_tells_of_trouble() -> None:
    for telling in every_release(promised_at=OPENED.replace(year=2027)):
        for told in (True, False):
            said = read(telling, told=told).words
            assert not any(words in said for words in ("hear from us", "Next update", "trouble", "We noticed"))


def test_without_a_version_the_subject_names_what_it_is_about() -> None:
    assert compose(a_release(stated=Facts(whats_new="x"))).subject == "Acme Announcement: card payments"
