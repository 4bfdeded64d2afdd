"""Servers on this machine, sandbox providers and the demo."""
