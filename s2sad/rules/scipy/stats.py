"""Rules of scipy.stats."""
from __future__ import annotations
