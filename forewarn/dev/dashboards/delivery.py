"""The board for an outage: who has been told and who has not, first; then what stands in the way."""

from forewarn.dev.dashboards.inside import MACHINERY, PROMISES
from forewarn.dev.dashboards.sending import PROVIDERS
from forewarn.dev.dashboards.soon import HOW_SOON
from forewarn.dev.dashboards.told import NOW
from forewarn.dev.dashboards.waiting import BACKLOG

ROWS = (NOW, HOW_SOON, BACKLOG, PROVIDERS, PROMISES, MACHINERY)
