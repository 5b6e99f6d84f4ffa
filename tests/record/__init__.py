"""One call followed, and the calls after it."""
