"""Modules that stand alone. A compiled path comes in, the text of a module that imports NumPy and `math` goes out:
`exporter` makes it of its parts, with the functions, literals and outside reads it needs, and `provenance` says where
it came from. It may import the public functions.
"""
from s2sad.export.exporter import export
from s2sad.export.outside_reads import NotExported
from s2sad.export.provenance import verify

__all__ = ["NotExported", "export", "verify"]
