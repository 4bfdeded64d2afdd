"""Texts can be replaced file by file; a faulty one is an error at start that says where."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from forewarn.subscriber import Voice
from services.planner.compose import BadTexts, Composer

from .tellings import a_telling


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def shipped(name: str) -> str:
    return (files("services.planner") / "texts" / name).read_text(encoding="utf-8")


def test_every_prepared_text_can_be_told_with_each_kind_of_facts() -> None:
    assert Composer().rehearse() > 300


def test_one_text_can_be_replaced(tmp_path: Path) -> None:
    own = put(
        tmp_path,
        "en/first.j2",
        "{% set state %}Oh dear.{% endset %}{% set body %}Since {{ clock(opened) }}.{% endset %}",
    )

    content = Composer(own).compose(a_telling(), Voice.CUSTOMER, "en", False, {1: "UTC"})

    assert content.text.startswith("Oh dear.\n\nSince ")


EMPTY = "{% set state %}{% endset %}{% set body %}{% endset %}\n"


FAULTY = (
    ("en/first.j2", "fine\n{% if %}", r"en/first\.j2, line 2: "),
    ("en/first.j2", "{% set state %}{{ nonsense }}{% endset %}", r"en/first\.j2, line 1: 'nonsense' is undefined"),
    ("en/update.j2", "\n\n{% set state %}{{ at(1) }}{% endset %}", r"en/update\.j2, line 3: "),
    ("en/resolved.j2", "{% set state %}x{% endset %}", r"en/resolved\.j2: sets no `body`"),
    ("en/holding.j2", f"{EMPTY}{{% if holdings >= 3 %}}{{{{ x }}}}{{% endif %}}", r"holding\.j2, line 2: 'x' is"),
    ("en/correction.j2", f"{EMPTY}{{% if recast %}}{{{{ x }}}}{{% endif %}}", r"correction\.j2, line 2: 'x' is"),
    ("en/withdrawn.j2", f"{EMPTY}{{% if not told %}}{{{{ x }}}}{{% endif %}}", r"withdrawn\.j2, line 2: 'x' is"),
    ("en/update.j2", f"{EMPTY}{{% if workaround %}}{{{{ x }}}}{{% endif %}}", r"update\.j2, line 2: 'x' is"),
    (
        "en/words_inside.j2",
        shipped("en/words_inside.j2").replace("so many", "{{ y }}"),
        r"en/words_inside\.j2, line \d+: 'y' is undefined",
    ),
    (
        "en/reminder.j2",
        f"{EMPTY}{{% if work.tentative %}}{{{{ x }}}}{{% endif %}}",
        r"reminder\.j2, line 2: 'x' is",
    ),
    (
        "en/starting.j2",
        f"{EMPTY}{{% if work.stage == 'ahead' %}}{{{{ x }}}}{{% endif %}}",
        r"starting\.j2, line 2: ",
    ),
    ("en/progress.j2", f"{EMPTY}{{% if work.longer %}}{{{{ x }}}}{{% endif %}}", r"progress\.j2, line 2: "),
    (
        "en/overrun.j2",
        f"{EMPTY}{{% if work.course == 'sooner' %}}{{{{ x }}}}{{% endif %}}",
        r"overrun\.j2, line 2: ",
    ),
    ("en/completed.j2", f"{EMPTY}{{% if work.overran %}}{{{{ x }}}}{{% endif %}}", r"completed\.j2, line 2: "),
    ("en/delayed.j2", f"{EMPTY}{{% if work.moved == 'later' %}}{{{{ x }}}}{{% endif %}}", r"delayed\.j2, line 2: "),
    ("en/cancelled.j2", f"{EMPTY}{{% if not told %}}{{{{ x }}}}{{% endif %}}", r"cancelled\.j2, line 2: "),
    (
        "en/planned_holding.j2",
        f"{EMPTY}{{% if holdings >= 3 %}}{{{{ x }}}}{{% endif %}}",
        r"_holding\.j2, line 2: ",
    ),
    (
        "en/planned_correction.j2",
        f"{EMPTY}{{% if corrections.window %}}{{{{ x }}}}{{% endif %}}",
        r"planned_correction\.j2, line 2: ",
    ),
    ("en/planned_withdrawn.j2", f"{EMPTY}{{% if not told %}}{{{{ x }}}}{{% endif %}}", r"_withdrawn\.j2, line 2: "),
    (
        "en/announcement.j2",
        f"{EMPTY}{{% if corrections.any %}}{{{{ x }}}}{{% endif %}}",
        r"announcement\.j2, line 2: ",
    ),
    (
        "en/words_inside_planned.j2",
        shipped("en/words_inside_planned.j2").replace("a breach", "{{ y }}"),
        r"en/words_inside_planned\.j2, line \d+: 'y' is undefined",
    ),
    ("en/words.j2", shipped("en/words.j2").replace('"on {day}", ', ""), r"a window stands in 3 pieces"),
    ("en/words.j2", "{% set moments = {} %}", r"en/words\.j2: `moments` is not as the shipped one"),
    ("en/words.j2", shipped("en/words.j2").replace("{clock}", "").replace('"HH:mm"', "[]"), r"moments"),
    ("en/frist.j2", "x", r"en/frist\.j2: no text has that name"),
    ("email.html.j2", "<p>{{ state", r"email\.html\.j2, line 1: "),
    ("email.html.j2", '{% if tone == "over" %}{{ x }}{% endif %}', r"email\.html\.j2, line 1: 'x' is"),
    ("webhook.txt.j2", '{% if tone == "watching" %}{{ x }}{% endif %}', r"webhook\.txt\.j2, line 1: 'x' is"),
    ("fr/first.j2", "x", r"fr/resolved\.j2: missing"),
)
"""File, text, and what is said of it. Each is found by starting whole, so most are tried with the slow tests."""


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [pytest.param(*each, marks=[] if place == 1 else pytest.mark.slow) for place, each in enumerate(FAULTY)],
)
def test_a_faulty_text_is_an_error_at_start(tmp_path: Path, name: str, text: str, fault: str) -> None:
    with pytest.raises(BadTexts, match=fault):
        Composer(put(tmp_path, name, text))


def test_a_text_that_is_not_utf_8_is_an_error_at_start(tmp_path: Path) -> None:
    (put(tmp_path, "en/first.j2", "") / "en/first.j2").write_bytes(b"\xff")

    with pytest.raises(BadTexts, match=r"first\.j2: cannot be read"):
        Composer(tmp_path)


def test_a_folder_that_is_not_there_is_an_error_at_start(tmp_path: Path) -> None:
    with pytest.raises(BadTexts, match="not a directory of texts"):
        Composer(tmp_path / "nowhere")


@pytest.mark.slow
def test_a_text_cannot_reach_behind_the_sandbox(tmp_path: Path) -> None:
    own = put(
        tmp_path, "en/first.j2", "{% set state %}{{ ''.__class__.__mro__ }}{% endset %}{% set body %}{% endset %}"
    )

    with pytest.raises(BadTexts, match=r"first\.j2, line 1: access to attribute '__class__'"):
        Composer(own)


@pytest.mark.slow
def test_a_complete_new_locale_is_spoken(tmp_path: Path) -> None:
    with as_file(files("services.planner") / "texts" / "en") as english:
        shutil.copytree(english, tmp_path / "fr")
    for text in (tmp_path / "fr").iterdir():
        text.write_text(text.read_text().replace('"en/words', '"fr/words').replace("Stop these", "Pas de"))

    composer = Composer(tmp_path)

    assert composer.locales == {"en", "de", "fr"}
    assert "Pas de mails" in composer.compose(a_telling(), Voice.CUSTOMER, "fr", False, {1: "Europe/Berlin"}).text


def test_the_shipped_texts_are_few() -> None:
    with as_file(files("services.planner") / "texts") as texts:
        assert len(list(texts.rglob("*.j2"))) <= 60
