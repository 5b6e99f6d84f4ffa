"""Rules of scipy.interpolate."""
from __future__ import annotations
