"""Pages for people: a client of the API like any other, which asks in the name of who looks and shows the answer."""
