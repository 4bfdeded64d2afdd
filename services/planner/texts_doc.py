"""Write docs/texts.md, which shows the shipped texts as readers get them, or say that it is not as they are."""

import argparse
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from babel import Locale

from forewarn.content import Words, escaped, values_for
from services.planner.compose import Composer
from services.planner.letters import wrapped
from services.planner.sample import Sample
from services.planner.samples import STATED, ZONE, samples

PAGE = Path(__file__).parents[2] / "docs" / "texts.md"
_OWN = {"accounts": "Initech, Hooli", "unsubscribe": "https://acme.example/u/4fQ"}
_HEAD = """\
# What readers read

Every text that Forewarn ships, as mails about a made-up incident, planned work and a release, in each language. Made by
`make texts` from `services/planner/texts/`: change the texts, not this page. Each reader sees times of their own zone;
here all live in Berlin. What people state goes out as they wrote it; here the communicator writes in both languages.
Customers see the public name of a component and the symptoms that were prepared for it in the catalog, never an alert's
words.
"""


def page(composer: Composer) -> str:
    """The whole page, the same on every run."""
    return "\n".join(_page(composer))


def read(composer: Composer, sample: Sample, locale: str) -> tuple[str, str, str]:
    """Subject, preheader and text of one sample as its reader has them."""
    content = composer.compose(sample.telling, sample.voice, locale, sample.told, {1: ZONE})
    values = values_for(content, 1, _OWN)
    html = Words(content.html).fill(escaped(values))
    return content.subject, preheader(html), Words(content.text).fill(values)


def main() -> int:
    """`--check` compares, otherwise write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check
    wanted = page(Composer())
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    if check:
        sys.stderr.write("docs/texts.md does not show the texts as they are; run `make texts`\n")
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def _page(composer: Composer) -> Iterator[str]:
    yield _HEAD
    for row in zip(*(samples(locale) for locale in STATED), strict=True):
        yield f"## {row[0].title}\n"
        for locale, sample in zip(STATED, row, strict=True):
            subject, preheader, text = read(composer, sample, locale)
            yield f"{Locale.parse(locale).get_display_name('en')}:\n"
            yield f"```text\nSubject: {subject}\n{wrapped(preheader, 'Preheader: ', '  ')}\n\n{text}```\n"


def preheader(html: str) -> str:
    """The line that a mailbox shows beside the subject; it stands hidden at the head of the mail."""
    hidden = html.partition('mso-hide:all">')[2].partition("&#847;")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", "", hidden)).split())


if __name__ == "__main__":
    sys.exit(main())
