"""Annolog: annotation, review and assignment as one immutable log, with the quality workflow built on it."""
