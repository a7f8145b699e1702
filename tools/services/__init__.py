"""Real servers for tests and for developers: PostgreSQL, Kafka, Keycloak; in a folder, on loopback, on a free port."""
