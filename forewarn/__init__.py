"""Forewarn tells the right people about an outage or a maintenance."""
