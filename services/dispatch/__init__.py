"""Dispatch hands batches to providers; it touches the broker, Redis and providers only."""
