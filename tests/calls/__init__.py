"""From a call to the path that answers it."""
