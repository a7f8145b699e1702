"""What each person did in a project, and how long it took."""
