"""Time that can be trusted: what interactions tell of it, and what no clock but the log's may claim."""
