"""PostgreSQL and Kafka on this machine: what a scaled-out installation does."""
