"""When a project will be done, and how sure that is."""
