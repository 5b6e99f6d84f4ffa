"""Rules of scipy.signal."""
from __future__ import annotations
