"""References to entries of the catalog, as Backstage writes them: `kind:namespace/name`, in any case."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator

DEFAULT = "default"
_NAME = r"[a-z0-9][a-z0-9._-]{0,99}"


def _reader(*kinds: str) -> Callable[[str], str]:
    """A validator that takes `name`, `namespace/name` or either after one of the kinds, and drops the kind."""
    pattern = re.compile(rf"(?:(?:{'|'.join(kinds)}):)?((?:{_NAME}/)?{_NAME})")

    def read(text: str) -> str:
        found = pattern.fullmatch(text.strip().lower())
        if found is None:
            raise ValueError(f"must be a name such as some-{kinds[0]} or {kinds[0]}:default/some-{kinds[0]}")
        return found[1]

    return read


def _name(text: str) -> str:
    name = text.strip().lower()
    if not re.fullmatch(_NAME, name):
        raise ValueError("must be up to 100 letters, digits, dots, dashes or underscores, a letter or digit first")
    return name


def key_of(reference: str, namespace: str = DEFAULT) -> str:
    """The key of what a validated reference names, seen from a namespace: `name`, or `namespace/name`."""
    own, _, name = reference.rpartition("/")
    own = own or namespace
    return name if own == DEFAULT else f"{own}/{name}"


Name = Annotated[str, AfterValidator(_name)]
ComponentRef = Annotated[str, AfterValidator(_reader("component", "resource"))]
TeamRef = Annotated[str, AfterValidator(_reader("group", "user"))]
SystemRef = Annotated[str, AfterValidator(_reader("system"))]

# The same, seen from the default namespace.
AccountKey = Annotated[str, AfterValidator(_reader("account")), AfterValidator(key_of)]
ComponentKey = Annotated[ComponentRef, AfterValidator(key_of)]
TeamKey = Annotated[TeamRef, AfterValidator(key_of)]
