"""What sparse derivatives need beside the compiler: loaded, and SciPy with it, with the first of them that is called."""
from __future__ import annotations

from s2sad.api import sparse_sweeps as sweeps
from s2sad.api.sparse_patterns import Patterns
from s2sad.machine.seeds import OtherSizes
from s2sad.sparse.pattern import Pattern

__all__ = ["OtherSizes", "Pattern", "Patterns", "sweeps"]
