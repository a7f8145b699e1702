"""Who comes in by an identity provider: how they are recognized, and what they have by their groups there."""
