"""What people can look at."""
