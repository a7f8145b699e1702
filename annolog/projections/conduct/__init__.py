"""What rules look at that no other read model has, and what they did."""
