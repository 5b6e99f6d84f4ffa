"""What users call, and what they can look at."""
