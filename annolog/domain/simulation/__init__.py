"""What would have come of it: recorded answers, asked for again by another policy."""
