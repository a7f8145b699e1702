"""When somebody's work is no longer what it was."""
