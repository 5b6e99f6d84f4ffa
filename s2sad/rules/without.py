"""What of NumPy has no derivative, and why."""
from __future__ import annotations
