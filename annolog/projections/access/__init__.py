"""Which projects there are for whom: found in one query, however many others there are."""
