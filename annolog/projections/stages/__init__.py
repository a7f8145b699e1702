"""In which state tasks and projects were when and why, and how annotations fared in review."""
