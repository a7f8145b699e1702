"""What was said in projects."""
