"""A model of Amazon SES v2 in one region: SendBulkEmail and GetAccount, and no more than that."""
