"""The linter of notice texts (M8): names what a text lacks and what should not be in it; it decides nothing."""
