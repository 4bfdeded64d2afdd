"""Lifelike directories, made from a seed: a catalog, its accounts, and any number of people."""
