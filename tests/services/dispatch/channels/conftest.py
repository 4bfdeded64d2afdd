"""One sandbox provider for these tests, as good as new for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forewarn.dev.sandbox.client import Sandbox


@pytest.fixture(scope="package")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    directory: Path = tmp_path_factory.mktemp("relay")
    with Sandbox.start(directory) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(provider: Sandbox) -> Sandbox:
    provider.reset()
    return provider
