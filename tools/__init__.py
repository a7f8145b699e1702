"""What the makers of Annolog run; nothing of it ships."""
