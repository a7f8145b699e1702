"""Whether one more person is asked about a task, and whom: pure rules, one a module, all listed in `catalogue`."""
