"""What a process shows of its connections to PostgreSQL."""

from prometheus_client import REGISTRY

from forewarn.runtime.postgres import Database
from tests.support.home import until


def shown(state: str) -> float:
    return REGISTRY.get_sample_value("forewarn_pool_connections", {"state": state}) or 0.0


def test_a_connection_in_use_is_shown_as_used_and_as_idle_afterwards(database: str) -> None:
    pool = Database(database, "forewarn_planner", "sandbox", 4)
    pool.open()
    try:
        with pool.begin():
            until(lambda: shown("used") == 1, 5, "one that is used, and none that is being made")

        assert (shown("used"), shown("waiting")) == (0, 0)
        assert shown("idle") >= 1
    finally:
        pool.close()
