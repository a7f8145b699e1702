"""What people ask: a room per read model with its tables, projector and queries, and the engine under them all."""
