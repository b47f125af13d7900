"""The raw wing: what sees names. Nothing in the safe wing may import it."""
