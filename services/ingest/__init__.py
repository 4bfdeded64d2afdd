"""Ingest takes events and the directory in, and writes outages."""
