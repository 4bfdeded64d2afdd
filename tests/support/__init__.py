"""Builders, fakes and the house that tests share."""
