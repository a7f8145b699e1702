"""Do people agree: per task, per pair, per project, and how often each person is right."""
