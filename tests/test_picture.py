"""The picture of the packages is the one that their imports give."""

from __future__ import annotations

import re

from tests.picture import FILE, imports, picture, places


def test_the_picture_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == picture(), "draw it anew: python -m tests.picture"


def test_a_package_stands_above_what_it_imports() -> None:
    graph = imports()
    spots = places(graph)
    assert all(spots[name][1] < spots[below][1] for name in graph for below in graph[name])


def test_what_is_said_fits_into_its_box() -> None:
    boxes = re.split(r"<rect", picture())[1:]
    assert all(box.count('class="said"') <= 3 for box in boxes)
