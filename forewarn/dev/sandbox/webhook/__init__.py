"""A model of any recipient's own endpoint: it takes what is posted, for any host and path, and keeps it."""
