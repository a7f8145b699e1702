"""How answers are compared, and what that says about a task, a pair, a project and a label."""
