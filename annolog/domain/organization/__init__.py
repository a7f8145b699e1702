"""Organizations that know nothing of each other, their workspaces, and what their own roles may do."""
