"""The keys of people, what they seal, and what remains when one of them is destroyed."""
