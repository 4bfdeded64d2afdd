"""The three workers: ingest, planner, dispatch. None imports another."""
