"""Every fault, by its name: one line each."""

from tests.chaos.faults.arrows import ARROWS
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.losses import LOSSES
from tests.chaos.faults.persons import PERSONS
from tests.chaos.faults.providers import PROVIDERS
from tests.chaos.faults.servers import SERVERS
from tests.chaos.faults.workers import WORKERS

FAULTS: dict[str, Fault] = {fault.name: fault for fault in (*WORKERS, *SERVERS, *PROVIDERS, *PERSONS, *LOSSES, *ARROWS)}

__all__ = ["FAULTS", "Fault"]
