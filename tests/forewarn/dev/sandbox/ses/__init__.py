"""Tests of the model of SES."""
