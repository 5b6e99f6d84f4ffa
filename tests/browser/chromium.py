"""Chromium without a window, as the distribution has it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def program() -> str:
    """Where it is. Raises FileNotFoundError."""
    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError("these tests need Chromium: install it from your distribution's packages")
    return found


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        started = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"] if root else [])
        yield started
        started.close()
