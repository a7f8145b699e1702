"""Telling the log what people do at the door, without keeping them waiting, and without one event a request."""
