"""Recorded crowd work, sent through the front door again as if it happened now."""
