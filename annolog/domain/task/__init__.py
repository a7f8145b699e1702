"""One task: everything that can happen to it, and the rules that decide."""
