"""Control flow that is kept."""
