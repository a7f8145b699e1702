"""What operators see of a running system: log lines, traces and metrics. Nothing in here changes what is recorded."""
