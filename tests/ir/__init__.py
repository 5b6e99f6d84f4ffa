"""The list of statements, and what holds of it."""
