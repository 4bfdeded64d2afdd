"""Servers and libraries that the workers share: broker, database, Redis, metrics, logs, health."""
