"""What people ask: one room per read model with its tables, its projector and its queries, and the engine under them."""
