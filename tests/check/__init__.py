"""Three ways to a gradient, compared."""
