"""Rules of a project's own: what is known of a person, conditions on it, and what then happens by itself."""
