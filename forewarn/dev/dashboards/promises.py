"""The board for a communicator: what is due next, what was kept and missed, and whether the clock is in time."""

from forewarn.dev.dashboards.due import DUE, KEPT
from forewarn.dev.dashboards.planned import IN_TIME, PLANNED

ROWS = (DUE, KEPT, PLANNED, IN_TIME)
