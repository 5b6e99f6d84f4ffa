"""From a list to text and to a callable."""
