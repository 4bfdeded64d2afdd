"""A virtual host for each test that speaks to the broker."""

from collections.abc import Iterator

import pytest

from forewarn.dev.servers import Servers
from tests.support.broker import Host, virtual_host


@pytest.fixture
def host(servers: Servers) -> Iterator[Host]:
    with virtual_host(servers) as host:
        yield host
