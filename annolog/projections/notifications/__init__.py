"""Who was told of what."""
