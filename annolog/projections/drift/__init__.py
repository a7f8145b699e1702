"""Who answered what on which day and how fast, and the alarms about changes in people's work."""
