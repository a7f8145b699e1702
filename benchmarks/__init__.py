"""Measurements, printed beside a baseline of the same run, never asserted. docs/performance.md says what they mean."""
