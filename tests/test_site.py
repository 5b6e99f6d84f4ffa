"""The documentation as a site: it is built without a warning, and holds what it should. Needs `pip install '.[docs]'`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import s2sad
from tests.documents import ROOT

pytest.importorskip("mkdocs", reason="the site is built where its extra is installed: pip install '.[docs]'")
pytest.importorskip("mkdocstrings_handlers.python", reason="the site is built where its extra is installed: pip install '.[docs]'")
pytestmark = pytest.mark.sampled(1)


@pytest.fixture(name="site", scope="module")
def site_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with warnings as errors: links that lead nowhere, anchors that are not there, pages outside the navigation."""
    folder = tmp_path_factory.mktemp("site")
    mkdocs = str(Path(sys.executable).parent / "mkdocs")  # as CI calls it: the folder itself is no place of modules, as it is for -m
    command = [mkdocs, "build", "-f", str(ROOT / ".mkdocs.yml"), "--strict", "--quiet", "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_each_page_and_each_example_is_on_the_site(site: Path) -> None:
    pages = [p.stem for p in (ROOT / "docs").glob("*.md")] + [f"examples/{p.stem}" for p in (ROOT / "examples").glob("*.py")]
    assert [page for page in pages if not (site / f"{page}.html").exists()] == []


def test_links_to_examples_lead_to_their_pages(site: Path) -> None:
    assert 'href="examples/scipy_fit.html"' in (site / "scipy.html").read_text(encoding="utf-8")


def test_each_public_name_is_in_the_api_with_its_example(site: Path) -> None:
    text = (site / "api" / "s2sad.html").read_text(encoding="utf-8")
    found = {name.rpartition(".")[2] for name in re.findall(r'id="(s2sad[\w.]*)"', text)}
    names = {n for n in s2sad.__all__ if not n.startswith("__") and not isinstance(getattr(s2sad, n), type(s2sad))}
    assert names - found == set()
    assert "&gt;&gt;&gt; " in text and "<blockquote>" not in text


def test_pages_can_be_searched(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert any("OtherPath" in entry["text"] for entry in index["docs"])


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = re.compile(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//')
    assert [page.name for page in site.rglob("*.html") if loaded.search(page.read_text(encoding="utf-8"))] == []
