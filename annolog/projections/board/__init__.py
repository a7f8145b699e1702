"""One row a task with everything a manager filters and orders by."""
