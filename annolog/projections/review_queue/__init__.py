"""Which task comes next to whom for review, and how far the quotas of review are."""
