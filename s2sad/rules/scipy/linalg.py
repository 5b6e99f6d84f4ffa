"""Rules of scipy.linalg."""
from __future__ import annotations
