"""A simulation of months in memory: the real planner under a fake clock, before providers and people that fail."""
