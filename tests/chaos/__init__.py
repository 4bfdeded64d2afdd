"""Chaos: a house under load, one fault at a time, and what of the promises held (`make chaos`)."""
