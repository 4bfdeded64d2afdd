"""Their words to ours: one file per format, one line here."""

from services.ingest.sources import alertmanager, event_v1
from services.ingest.sources.heard import Heard, Readers, Rules, read

READERS: Readers = {
    event_v1.FORMAT: event_v1.read,
    alertmanager.FORMAT: alertmanager.read,
}

__all__ = ["READERS", "Heard", "Rules", "read"]
