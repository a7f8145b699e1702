"""What feeds read models: rows loaded in bulk, folded in memory, written back together with the position."""
