"""Who there is, and which tokens speak for them."""
