"""Measurements, printed beside a baseline of the same run. They never assert; docs/performance.md says what they mean."""
