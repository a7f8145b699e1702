"""Who came in, what was refused to them, what they took out: what nobody decides and everybody may be asked about."""
