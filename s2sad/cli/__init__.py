# PYTHON_ARGCOMPLETE_OK
"""The command line. Arguments and files come in, text, JSON and pictures go out. It may import everything.

`entry` is where it starts, `parser` says which commands and options there are, `values` which values, `commands` what is done. What a
command needs is loaded when it runs, so that a completion and a help are there at once.
"""
from s2sad.cli.entry import main, program

__all__ = ["main", "program"]
