"""How far a project is."""
