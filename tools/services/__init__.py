"""Real servers for tests and for developers: PostgreSQL and Kafka, started in a folder, on loopback, on a free port."""
