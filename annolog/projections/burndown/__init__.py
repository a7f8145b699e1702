"""How many tasks there were in which state at any time, and when the last will be finished."""
