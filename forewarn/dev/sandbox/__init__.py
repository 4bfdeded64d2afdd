"""A model of providers, and no more than that: it takes mails by SMTP and SES and webhooks, and lets none leave."""
