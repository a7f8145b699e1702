"""Who may do what: permissions, the roles that have them, and the questions that everybody asks of the two."""
