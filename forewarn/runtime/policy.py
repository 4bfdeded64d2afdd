"""A policy that cannot be used ends a worker at start with its faults, never with a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from forewarn.contracts.policy import BadPolicy


@contextmanager
def usable_policy() -> Iterator[None]:
    """Turn BadPolicy into every fault on stderr and exit code 2, as faulty settings are."""
    try:
        yield
    except BadPolicy as bad:
        sys.stderr.write(f"The policy cannot be used:\n{bad}\n")
        raise SystemExit(2) from None
