"""Generated code's own functions: stacks, notices, what is finite."""
