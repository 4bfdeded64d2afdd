"""Runs the sandbox provider: `python -m forewarn.dev.sandbox`."""

import argparse
import asyncio
import logging
from pathlib import Path

import uvloop

from forewarn.dev.sandbox.server import Wanted, serve


def main() -> None:
    """Serve until SIGTERM or Ctrl-C, then end with 0."""
    parser = argparse.ArgumentParser(prog="python -m forewarn.dev.sandbox", description=__doc__)
    parser.add_argument("--smtp-port", type=int, default=0, help="0 (the default) lets the system choose")
    parser.add_argument("--http-port", type=int, default=0, help="0 (the default) lets the system choose")
    parser.add_argument("--ses-port", type=int, default=0, help="0 (the default) lets the system choose")
    parser.add_argument("--webhook-port", type=int, default=0, help="0 (the default) lets the system choose")
    parser.add_argument("--no-checks", action="store_true", help="take SES calls unchecked, for load")
    parser.add_argument("--record", type=Path, help="JSON lines of what was accepted; an existing file is continued")
    parser.add_argument("--ports-file", type=Path, help="where to write the ports, as JSON, when ready")
    given = parser.parse_args()
    wanted = Wanted(given.smtp_port, given.http_port, given.ses_port, given.webhook_port, not given.no_checks)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(wanted, given.record, given.ports_file))


if __name__ == "__main__":
    main()
