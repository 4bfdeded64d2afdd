"""Channels: one file per provider; each classifies its provider's answers and decides nothing else."""
