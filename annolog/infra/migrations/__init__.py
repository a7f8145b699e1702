"""How the tables of the two databases came to be: a history of revisions for each, run at start-up."""
