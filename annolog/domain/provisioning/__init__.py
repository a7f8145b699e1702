"""People and groups that an identity provider answers for, and what its groups are worth here."""
