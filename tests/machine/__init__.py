"""What the operations of a function mean."""
