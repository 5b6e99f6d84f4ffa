"""The command line. Arguments and files come in, text, JSON and pictures go out. It may import everything."""
from s2sad.cli.commands import main

__all__ = ["main"]
