"""One sandbox provider for a run, as good as new for every test: a conftest that imports both fixtures has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forewarn.dev.sandbox.client import Sandbox


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A real one, started once and kept as the tests before left it."""
    directory: Path = tmp_path_factory.mktemp("sandbox")
    with Sandbox.start(directory) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(provider: Sandbox) -> Sandbox:
    """The same, without messages and well-behaved."""
    provider.reset()
    return provider
