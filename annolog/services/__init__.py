"""What happens by itself: reactions from events to commands, and long-running work."""
