"""The table of rules against differences, and what is stated of a primitive."""
