"""The notebooks of the tutorial are its chapters, and what they show is what a kernel gives today."""

from __future__ import annotations

import pytest

pytest.importorskip("nbclient", reason="nbclient is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")
from tests import tutorial

ANEW = "make them anew: python -m tests.tutorial"


@pytest.mark.parametrize("name", tutorial.NOTEBOOKS)
def test_a_notebook_has_the_text_of_its_chapters(name: str) -> None:
    book, stored = tutorial.made()[name], tutorial.nbformat.reads(tutorial.stored(name), as_version=4)
    assert [(c.cell_type, c.source) for c in stored.cells] == [(c.cell_type, c.source) for c in book.cells], ANEW


@pytest.mark.sampled(5)
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", tutorial.NOTEBOOKS)
def test_a_notebook_shows_what_it_gives(name: str) -> None:
    assert tutorial.is_up_to_date(name, tutorial.executed(tutorial.made()[name])), ANEW


def test_every_chapter_is_in_a_notebook() -> None:
    page = tutorial.PAGE.read_text(encoding="utf-8")
    cells = "\n".join(cell.source for book in tutorial.made().values() for cell in book.cells)
    assert [line for line in page.split("\n") if line.startswith("## ") and line not in cells] == []
