"""The outside world: event log, SQL, HTTP, command line. Imports everything, is imported by nothing."""
