"""Real servers for tests and for developers: PostgreSQL, Kafka and Keycloak, started in a folder, on loopback, on a free port."""
