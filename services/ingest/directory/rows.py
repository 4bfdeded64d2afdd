"""Read a row as `Person` does, by the same rules, remembering what it read: people repeat one another."""

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from forewarn.contracts.directory import Person, faults_in

REPEATED = frozenset(Person.model_fields) - {"id", "name", "email", "phone", "webhook"}
WORDS = frozenset({"id", "name"})
MOST_IN_WORDS = 200  # characters

MOST_REMEMBERED = 10_000  # values a column; then it begins anew, so that memory does not grow with the file

Row = dict[str, Any]
"""The fields that were given, as `Person` holds them."""

Split = Callable[[str, Any], Any]
"""The field's value from its name and what stands in the file."""


@cache
def _rules() -> Mapping[str, Callable[[Any], Any]]:
    """Each field's own rule, taken from the model: there is no second one."""
    return {name: _rule(field) for name, field in Person.model_fields.items()}


def _plain(words: Any) -> bool:
    """Whether words are so plain that their rule takes them as they stand: it need not be asked (a test asks it)."""
    return (
        isinstance(words, str)
        and words.isprintable()
        and 0 < len(words) <= MOST_IN_WORDS
        and words[0] != " " != words[-1]
    )


def _rule(field: FieldInfo) -> Callable[[Any], Any]:
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(kind).validator.validate_python


class Rows:
    """Reads one file. Fields go by their own rules; how they fit together is asked of `Person`, once per shape.

    A shape is a role and which fields are given: what `Person` finds contradictory depends on nothing else.
    """

    def __init__(self, split: Split) -> None:
        self._split = split
        self._rules = _rules()
        self._known: dict[str, dict[Hashable, Any]] = {name: {} for name in REPEATED}
        self._shapes: set[tuple[str | None, ...]] = set()

    def read(self, given: Mapping[str, Any]) -> Row | str:
        """The row, or every fault in it on one line."""
        row: Row = {}
        remembered, rules = self._known.get, self._rules
        try:
            for name, raw in given.items():
                known = remembered(name)
                if known is not None:
                    try:
                        row[name] = known[raw]
                    except (KeyError, TypeError):  # not seen yet; a list of JSON
                        row[name] = self._field(name, raw)
                else:
                    row[name] = raw if name in WORDS and _plain(raw) else rules[name](raw)
        except (KeyError, TypeError, ValidationError):
            return self._whole(given)
        shape = (row.get("role"), *row)
        about_nothing = () in (row.get("accounts"), row.get("components"), row.get("teams"))
        if shape in self._shapes and not about_nothing:
            return row
        found = self._whole(given)
        if not isinstance(found, str) and not about_nothing and len(self._shapes) < MOST_REMEMBERED:
            self._shapes.add(shape)
        return found

    def field(self, name: str, given: Mapping[str, Any]) -> Any:
        """One field by itself; None if it is not given or not right."""
        try:
            return self._field(name, given[name])
        except (KeyError, ValidationError):
            return None

    def _field(self, name: str, raw: Any) -> Any:
        value = self._rules[name](self._split(name, raw))
        if name in self._known and isinstance(raw, str):
            known = self._known[name]
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known[raw] = value
        return value

    def _whole(self, given: Mapping[str, Any]) -> Row | str:
        try:
            person = Person.model_validate({name: self._split(name, raw) for name, raw in given.items()})
        except ValidationError as fault:
            return faults_in(fault)
        return {name: getattr(person, name) for name in person.model_fields_set}


def key_of(row: Mapping[str, Any]) -> str:
    """Who a row is about, as `Person.key` says it."""
    return row.get("id") or row.get("email") or ""
