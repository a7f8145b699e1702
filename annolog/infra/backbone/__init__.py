"""Kafka between the log and those who follow it: anything in it may be lost, for the log is what is true."""
