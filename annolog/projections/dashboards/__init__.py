"""What people and projects did, told by the hour, day, week, month or year of any place."""
