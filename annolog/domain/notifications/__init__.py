"""Who is to be told of what happens, and why."""
