"""Who can be given what next: the hot read model behind every request for work."""
