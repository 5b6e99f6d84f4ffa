"""Rules of scipy.integrate."""
from __future__ import annotations
