"""A file checked against a model: the value, or every fault at once, in plain words and at its place."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from forewarn.contracts.sheet import Fault, Sheet, Way, read_sheet, said

Model = TypeVar("Model", bound=BaseModel)

_KEY = "[key]"
"""How pydantic ends the way to a key of a mapping."""

_WORDS = {
    "missing": "is missing",
    "model_type": "must hold settings, as `name: value`",
    "dict_type": "must hold `name: value` lines",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
}


def checked(model: type[Model], path: Path) -> tuple[Model | None, list[Fault]]:
    """The file as the model; None if there is any fault."""
    sheet = read_sheet(path)
    faults = list(sheet.faults)
    data = {} if sheet.data is None else sheet.data
    value = None
    try:
        value = model.model_validate(data)
    except ValidationError as wrong:
        errors = (error for error in wrong.errors(include_url=False) if not sheet.is_spoiled(error["loc"]))
        faults += (_fault(error, sheet, model) for error in errors)
    return None if faults else value, sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))


def _fault(error: ErrorDetails, sheet: Sheet, model: type[BaseModel]) -> Fault:
    way: Way = error["loc"]
    if error["type"] == "extra_forbidden":
        return sheet.fault(way, f"is not a setting of the {model.__name__.lower()}{_meant(way, model)}", at_key=True)
    if way and way[-1] == _KEY:
        return sheet.fault(way[:-1], f"its name: {_words(error)}", at_key=True)
    return sheet.fault(way, _words(error))


def _words(error: ErrorDetails) -> str:
    given = error["input"]
    if given is None:
        return "has no value: give it one, or leave it out"
    if error["type"] == "string_type":
        plain = not isinstance(given, dict | list)
        return "must be text: put it in quotes" if plain else "must be text"
    if error["type"] == "value_error":
        return str(error.get("ctx", {}).get("error", error["msg"]))
    return _WORDS.get(error["type"], error["msg"])


def _meant(way: Way, model: type[BaseModel]) -> str:
    """The setting that was meant, most likely: one of a like name beside it, or of the same name elsewhere."""
    name, above = str(way[-1]), tuple(part for part in way[:-1] if isinstance(part, str))
    known = list(_settings(model, ()))
    beside = [str(each[-1]) for each in known if each[:-1] == above]
    near = get_close_matches(name, beside, 1)
    found = [(*above, near[0])] if near else [each for each in known if each[-1] == name]
    return f"; did you mean `{said(found[0])}`?" if len(found) == 1 else ""


def _settings(model: type[BaseModel], above: Way) -> Iterator[Way]:
    """The way to each setting, positions in lists left out."""
    for name, declared in model.model_fields.items():
        yield (*above, name)
        for section in _sections(declared.annotation):
            yield from _settings(section, (*above, name))


def _sections(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)
