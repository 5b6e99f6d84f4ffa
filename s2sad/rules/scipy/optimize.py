"""Rules of scipy.optimize."""
from __future__ import annotations
