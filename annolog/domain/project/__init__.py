"""A project: its configuration, its settings and its members."""
