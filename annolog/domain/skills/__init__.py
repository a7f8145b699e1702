"""How well people answer, measured: against the truth, against the others, and by those who review them."""
