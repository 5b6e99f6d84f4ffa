"""`python -m s2sad` is the command `s2sad`."""
import sys

from s2sad.cli import program

if __name__ == "__main__":
    sys.exit(program())
