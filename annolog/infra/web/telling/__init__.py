"""What the log and results hold, in plain words: events with cause and effect, answers, and how answers differ."""
