"""`python -m s2sad.cli` is the command `s2sad`."""
import sys

from s2sad.cli.entry import program

if __name__ == "__main__":
    sys.exit(program())
