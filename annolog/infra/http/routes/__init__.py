"""The operations, a module per resource."""
