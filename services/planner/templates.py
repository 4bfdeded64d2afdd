"""The texts: shipped ones, overridden file by file, compiled once; a faulty one is an error at start."""

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.environment import TemplateModule
from jinja2.sandbox import ImmutableSandboxedEnvironment

from forewarn.notice import CHILDREN, Occasion
from forewarn.subscriber import Voice
from services.planner.blocks import NOTHING

OCCASIONS = (
    *(Occasion.FIRST, Occasion.UPDATE, Occasion.HOLDING, Occasion.RESOLVED),
    *(Occasion.CORRECTION, Occasion.WITHDRAWN),
)
"""Those of incidents and announcements."""
OF_WORK = (
    *(Occasion.REMINDER, Occasion.STARTING, Occasion.PROGRESS, Occasion.OVERRUN),
    *(Occasion.COMPLETED, Occasion.DELAYED, Occasion.CANCELLED),
)
"""Those of planned work alone, with a text of their own."""
TELLABLE = (*OCCASIONS, *sorted(CHILDREN))
"""Those that can be composed: whom a child is for reads where the outage stands by then."""
TELLABLE_OF_WORK = (*TELLABLE, *OF_WORK)
ANNOUNCEMENT = "announcement"
PLANNED = {o: f"planned_{o}" for o in (Occasion.HOLDING, Occasion.CORRECTION, Occasion.WITHDRAWN)}
"""What incidents have too is said of planned work in other words."""
TEXTS = (*OCCASIONS, *OF_WORK, *PLANNED.values(), ANNOUNCEMENT)
VOICES = (Voice.CUSTOMER, Voice.SUPPORT, Voice.ACCOUNT_TEAM, Voice.INTERNAL)
LAYOUTS = ("email.html.j2", "email.txt.j2", "webhook.txt.j2")
WORDS = ("words", "words_planned", "words_inside", "words_inside_planned")
PARTS = tuple(f"{name}.j2" for name in (*WORDS, *TEXTS, *(f"voice_{v}" for v in VOICES)))
"""What makes a locale complete."""


class BadTexts(ValueError):
    """A text is missing or cannot be used; the message names the file and, where there is one, the line."""


class Texts(BaseLoader):
    """All texts in memory, and what they render to."""

    def __init__(self, override: Path | None, filters: Mapping[str, Callable[..., object]]) -> None:
        self._sources = _read(files("services.planner") / "texts") | (_read(override) if override else {})
        self.locales = frozenset(name.partition("/")[0] for name in self._sources if "/" in name)
        self._refuse_strays_and_gaps()
        self._environment: Environment = ImmutableSandboxedEnvironment(
            loader=self,
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(".html.j2"),
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_shown,
            cache_size=-1,
            auto_reload=False,
        )
        self._environment.filters.update(filters)
        with self.faults_named():
            for name in self._sources:
                self._environment.get_template(name)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The source from memory (the loader's side of Jinja)."""
        if template not in self._sources:
            raise TemplateNotFound(template)
        source, place = self._sources[template]
        return source, place, lambda: True

    def spoken(self, name: str, context: Mapping[str, object]) -> TemplateModule:
        """The text's parts, as its top-level `set` and `macro` made them."""
        template = self._environment.get_template(name)
        try:
            return template.make_module(dict(context))
        except Exception:
            self._environment.handle_exception()  # as render() does: lines of the text instead of compiled ones

    def laid_out(self, layout: str, context: Mapping[str, object]) -> str:
        return self._environment.get_template(layout).render(context)

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn whatever a text does wrong inside this block into BadTexts with file and line."""
        try:
            yield
        except BadTexts:
            raise
        except TemplateSyntaxError as fault:
            raise BadTexts(f"{fault.filename or fault.name}, line {fault.lineno}: {fault.message}") from None
        except Exception as fault:  # a text may call anything in its context wrongly
            frame = self._frame(fault)
            if frame is None:
                raise
            raise BadTexts(f"{frame.filename}, line {frame.lineno}: {fault}") from fault

    def place_of(self, fault: Exception) -> tuple[str, int | None] | None:
        """The name and the line of the text that raised it; None where no text did."""
        frame = self._frame(fault)
        if frame is None:
            return None
        return next(name for name, (_, place) in self._sources.items() if place == frame.filename), frame.lineno

    def _frame(self, fault: Exception) -> traceback.FrameSummary | None:
        places = {place for _, place in self._sources.values()}
        frames = [f for f in traceback.extract_tb(fault.__traceback__) if f.filename in places]
        return frames[-1] if frames else None

    def _refuse_strays_and_gaps(self) -> None:
        wanted = {*LAYOUTS, *(f"{locale}/{part}" for locale in self.locales for part in PARTS)}
        missing = sorted(wanted - self._sources.keys())
        strays = sorted(self._sources[name][1] for name in self._sources.keys() - wanted)
        faults = [f"{name}: missing" for name in missing] + [f"{name}: no text has that name" for name in strays]
        if faults:
            raise BadTexts("; ".join(faults))


def _shown(value: object) -> object:
    """What a text prints of it: a fact that is not there leaves a mark, and not the word None."""
    return NOTHING if value is None else value


def _read(folder: Traversable | Path) -> dict[str, tuple[str, str]]:
    """Name to source and place, of the folder's own texts and those one folder down (a locale each)."""
    if not folder.is_dir():
        raise BadTexts(f"{folder}: not a directory of texts")
    found: dict[str, Traversable | Path] = {}
    for entry in folder.iterdir():
        inner = {f"{entry.name}/{e.name}": e for e in entry.iterdir()} if entry.is_dir() else {entry.name: entry}
        found |= {name: file for name, file in inner.items() if name.endswith(".j2")}
    return {name: (_source(file), str(file)) for name, file in sorted(found.items())}


def _source(file: Traversable | Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadTexts(f"{file}: cannot be read: {fault}") from None
