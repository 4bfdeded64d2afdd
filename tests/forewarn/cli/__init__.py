"""Tests of the `forewarn` command."""
