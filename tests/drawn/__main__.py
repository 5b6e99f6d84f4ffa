"""Draws all pictures anew."""

from __future__ import annotations

from tests.drawn import FOLDER, PICTURES

for name, picture in PICTURES.items():
    (FOLDER / name).write_text(picture(), encoding="utf-8")
