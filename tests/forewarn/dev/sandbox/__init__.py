"""Tests of the sandbox provider, over the real process."""
