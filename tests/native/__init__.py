"""From a list to machine code, and what is stored of it."""
