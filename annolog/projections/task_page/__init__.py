"""Everything about one task, folded from its own history when asked: always current, and as of any time."""
