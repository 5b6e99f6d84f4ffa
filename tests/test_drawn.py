"""The pictures of the documentation are those that their scripts draw today, and what is written in them fits."""

from __future__ import annotations

import re

import pytest

from tests.documents import PAGES
from tests.drawn import FOLDER, PICTURES
from tests.drawn.sheet import ADVANCE

TEXT = re.compile(
    r'<text x="([\d.]+)" y="([\d.]+)" class="(\w)" font-size="([\d.]+)" fill="[^"]*"(?: text-anchor="(\w+)")?[^>]*>([^<]*)</text>'
)
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PICTURES[name](), "draw it anew: python -m tests.drawn"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", PICTURES)
def test_what_is_written_lies_on_the_card(name: str) -> None:
    svg = PICTURES[name]()
    size = SIZE.search(svg)
    texts = TEXT.findall(svg)
    assert size is not None and len(texts) == svg.count("<text")
    for x, y, face, points, anchor, said in texts:
        wide = len(said) * float(points) * (ADVANCE if face == "m" else 0.56)
        start = float(x) - wide * {"end": 1.0, "middle": 0.5}.get(anchor, 0.0)
        assert start >= 0 and start + wide <= float(size[1]) and float(y) <= float(size[2]), said


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_on_a_page(name: str) -> None:
    assert any(f"{name})" in page.read_text(encoding="utf-8") for page in PAGES)
