"""The sandbox provider is a model of a mail provider, not one: it takes mail by SMTP, keeps it, and lets nothing leave."""
