"""Webhooks: sending over HTTP, and where each of them stands."""
