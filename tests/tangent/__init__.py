"""The forward sweep."""
