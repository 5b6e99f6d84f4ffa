"""Modules that stand alone."""
