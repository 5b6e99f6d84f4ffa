"""Pictures of the page that `inspect --html` writes: `python -m tests.screenshots FOLDER`.

Without a folder it makes those that are kept: the one in docs/page.md, and the coarse ones that the tests compare with.
"""

from __future__ import annotations

import io
import pathlib
import sys
import tempfile
from typing import Any

from PIL import Image

from s2sad import page
from tests.browser.chromium import browser
from tests.browser.conftest import PAGES
from tests.browser.shots import ACROSS, GRID, REFERENCES, TALL

DOCS = pathlib.Path(__file__).parent.parent / "docs" / "page.png"
WIDE = {"viewport": {"width": 1180, "height": 1040}}


def write(name: str, folder: str) -> str:
    file = pathlib.Path(folder, f"{name}.html")
    file.write_text(page.page_html(PAGES[name]()), encoding="utf-8")
    return file.as_uri()


def shot(started: Any, url: str, full: bool = False, touch: bool = False, **options: Any) -> bytes:
    """A picture; `touch` chooses a line and points at a variable first."""
    context = started.new_context(**{"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", **options})
    tab = context.new_page()
    tab.goto(url)
    if touch:
        tab.locator(".source li").nth(3).click()
        tab.locator(".source [data-name=s]").nth(3).hover()
    picture: bytes = tab.screenshot(full_page=full)
    context.close()
    return picture


def kept(started: Any, folder: str) -> None:
    """The pictures of the documentation and of the tests."""
    REFERENCES.mkdir(exist_ok=True)
    for name, (found, options) in GRID.items():
        with Image.open(io.BytesIO(shot(started, write(found, folder), **options))) as image:
            image.convert("L").resize((ACROSS, TALL), Image.Resampling.BOX).save(REFERENCES / f"{name}.png")
    with Image.open(io.BytesIO(shot(started, write("kept", folder), touch=True, **WIDE))) as image:
        image.convert("RGB").save(DOCS, optimize=True)


def looked_at(started: Any, to: pathlib.Path) -> None:
    """Whole pages, light and dark, wide and narrow, and on paper."""
    to.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        url = write(name, str(to))
        for scheme in ("light", "dark"):
            (to / f"{name}-{scheme}.png").write_bytes(shot(started, url, full=True, color_scheme=scheme))
        (to / f"{name}-phone.png").write_bytes(shot(started, url, full=True, viewport={"width": 390, "height": 844}))
        tab = started.new_page()
        tab.goto(url)
        tab.pdf(path=str(to / f"{name}.pdf"), format="A4")
        tab.close()


def main() -> None:
    with browser() as started, tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            looked_at(started, pathlib.Path(sys.argv[1]))
        else:
            kept(started, folder)


if __name__ == "__main__":
    main()
