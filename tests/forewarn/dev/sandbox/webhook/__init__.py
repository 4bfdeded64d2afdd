"""Tests of the model of a webhook endpoint."""
