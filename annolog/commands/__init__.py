"""What may be asked: a model and a handler per intent, and the bus that runs them."""
