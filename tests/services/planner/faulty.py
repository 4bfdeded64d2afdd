"""Texts of the house's own that pass at start and are faulty for some facts: what a cause ends with says how."""

from importlib.resources import files
from pathlib import Path

FIRST = """
{% set wrong = (cause or "?").split()|last %}
{% set state %}{% if wrong != "mute." %}In our own words, since {{ clock(opened) }}.{% endif %}{% endset %}
{% set body %}
  {% if wrong == "raise." %}{{ nonsense }}{% endif %}

  {% if wrong == "nothing." %}Meanwhile: {{ workaround }}{% endif %}

  {% if wrong == "braces." %}Yours, {{ "{{ name }}" }}{% endif %}

  {% if wrong != "hollow." %}We are sorry. {{ cause or "" }}{% endif %}

  {% if wrong == "exclaim." %}{{ 1 + cause }}{% endif %}
{% endset %}
"""
HOW = {
    "raise.": ("raised", "UndefinedError"),
    "exclaim.": ("raised", "TypeError"),
    "mute.": ("empty", None),
    "hollow.": ("empty", None),
    "nothing.": ("leftover", None),
    "braces.": ("leftover", None),
}
"""By the last word of the cause: why it gives way, and the type of the error if there is one."""
BAD_LAYOUT = "INC-666"
"""The incident that the own HTML of a mail cannot set."""


def faulty_texts(folder: Path) -> Path:
    """English first words, and HTML; and French, which has nothing prepared: English under another name."""
    shipped = files("services.planner") / "texts"
    (folder / "fr").mkdir()
    for text in (shipped / "en").iterdir():
        (folder / "fr" / text.name).write_text(text.read_text(encoding="utf-8").replace('"en/words', '"fr/words'))
    html = (shipped / "email.html.j2").read_text(encoding="utf-8")
    (folder / "email.html.j2").write_text(f'{html}{{% if outage == "{BAD_LAYOUT}" %}}{{{{ nonsense }}}}{{% endif %}}')
    (folder / "en").mkdir()
    for locale in ("en", "fr"):
        (folder / locale / "first.j2").write_text(FIRST)
    return folder
