"""A browser, and pages in it: `python -m pytest --browser tests/browser`. Every test also asks that nothing was said on the console,
that nothing was asked of the network, and that no dialog came up."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.chromium import browser
from tests.page.pages import forward, loss, made, named, straight

PAGES: dict[str, Callable[[], Any]] = {
    "kept": lambda: made(loss, control="keep"),
    "recorded": lambda: made(loss, control="record"),
    "forward": lambda: forward(straight, (1.0, 0.5)),
    "named": lambda: made(named),
}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], pathlib.Path]:
    """The file of a page, by its name."""
    from s2sad import page

    folder = tmp_path_factory.mktemp("pages")

    def write(name: str) -> pathlib.Path:
        file: pathlib.Path = folder / f"{name}.html"
        if not file.exists():
            file.write_text(page.page_html(PAGES[name]()), encoding="utf-8")
        return file

    return write


@pytest.fixture
def opened(chromium: Any, written: Callable[[str], pathlib.Path]) -> Iterator[Callable[..., Any]]:
    """Open a page; options are those of a browser context."""
    said: list[str] = []
    contexts: list[Any] = []

    def watch(tab: Any) -> None:
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "data:")) else None)

    def open_page(name: str, text: str | None = None, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", **options})
        contexts.append(context)
        tab = context.new_page()
        watch(tab)
        if text is None:
            tab.goto(written(name).as_uri())
        else:
            tab.set_content(text)
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
