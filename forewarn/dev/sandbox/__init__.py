"""A model of a mail provider, and no more than that: it takes mail by SMTP, keeps it, lets none leave."""
