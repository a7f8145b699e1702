"""The log: every event in one order, durable once acknowledged."""
