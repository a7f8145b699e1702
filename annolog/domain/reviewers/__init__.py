"""How reviewers judge: how far two of them are of one mind, and how lenient one is."""
