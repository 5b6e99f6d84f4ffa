"""The documentation says what is so: its code runs, its outputs and tables are today's, its links lead somewhere.

python -m tests.test_docs            which pages are out of date
python -m tests.test_docs --write    write their outputs and generated tables anew
"""

from __future__ import annotations

import argparse
import ast
import difflib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import s2sad
from s2sad import cli
from tests.documents import PAGES, ROOT, Block, Stale, parse, renewed, same
from tests.documents_functions import versions

EXECUTED = [page for page in PAGES if page.name != "benchmarks.md"]  # measured, and written by its own command
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
TEST = re.compile(r"`(tests/(?:\w+/)?\w+\.py)::(\w+)(?:\[[^`]*\])?`")
PLACE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|usr|opt)/")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> Iterator[str]:
    """The lines of a page outside its blocks."""
    return (part for part in parse(text_of(page)) if isinstance(part, str))


def is_of(page: Path) -> str:
    """The versions that a page says it is of."""
    found = re.search(r"^Of (NumPy [\d.]+ and SciPy [\d.]+):$", text_of(page), re.MULTILINE)
    return found[1] if found else versions()


@pytest.mark.parametrize("page", EXECUTED, ids=lambda page: page.name)
def test_outputs_and_tables_are_up_to_date(page: Path) -> None:
    if is_of(page) != versions():
        pytest.skip(f"the page is of {is_of(page)}, which have other functions than {versions()}")
    found, wanted = text_of(page), renewed(page)
    assert same(found, wanted), difference(page, found, wanted) + "\npython -m tests.test_docs --write"


def difference(page: Path, found: str, wanted: str) -> str:
    lines = difflib.unified_diff(
        found.splitlines(), wanted.splitlines(), f"{page.name}", f"{page.name}, renewed", lineterm=""
    )
    return "\n".join(lines)


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    headings = [line.lstrip("#").strip() for line in prose_of(page) if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_a_page_is_read_where_no_extra_is_installed() -> None:
    """As by somebody new, who has what s2sad asks for: `python -m tests.newcomer`."""
    asked = "import sys, tests.documents; print(*{'scipy', 'numba', 'jax', 'pytest', 'matplotlib', 'IPython'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split() == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall("\n".join(prose_of(page))):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(there), f"{page.name}: {target}, {sorted(anchors(there))}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached, pending = set(), [ROOT / "README.md"]
    while pending:
        page = pending.pop()
        reached.add(page)
        targets = [
            page.parent / t.partition("#")[0]
            for t in LINK.findall(text_of(page))
            if t.partition("#")[0].endswith(".md")
        ]
        pending += [t.resolve() for t in targets if t.exists() and t.resolve() not in reached]
    assert {p.resolve() for p in PAGES} <= {p.resolve() for p in reached}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_place_of_one_machine(page: Path) -> None:
    assert PLACE.findall(text_of(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_tests_exist(page: Path) -> None:
    for file, name in TEST.findall(text_of(page)):
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body), (
            f"{page.name}: {file}::{name}"
        )


def test_every_convention_names_its_test() -> None:
    rows = [line for line in prose_of(ROOT / "docs/conventions.md") if line.startswith("| ") and "`" in line]
    assert len(rows) > 20
    assert [row for row in rows if not TEST.search(row)] == []


def test_the_reference_has_every_public_name() -> None:
    reference = "".join(text_of(ROOT / "docs" / page) for page in ("reference.md", "custom.md", "jacobians.md"))
    assert [name for name in s2sad.__all__ if name not in reference and not name.startswith("__")] == []
    entries = set(re.findall(r"^### `(?:\w+\.)*(\w+)`$", reference, re.M))
    assert {name for name in s2sad.__all__ if inspect.isfunction(getattr(s2sad, name))} - entries == set()


@pytest.mark.parametrize("command", ["inspect", "profile", "sparsity", "check", "export", "verify", "cache"])
def test_the_reference_has_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    assert options
    assert [option for option in options if f"`{option}" not in text_of(ROOT / "docs/reference.md")] == []


def test_every_package_is_on_the_page_of_modules() -> None:
    sections = [line[3:] for line in prose_of(ROOT / "docs/modules.md") if line.startswith("## ")]
    packages = [path.parent.name for path in (ROOT / "s2sad").glob("*/__init__.py")]
    assert sorted(sections) == sorted(packages)


def test_every_error_has_a_section() -> None:
    headings = {line for line in prose_of(ROOT / "docs/errors.md") if line.startswith("## ")}
    public = [getattr(s2sad, name) for name in s2sad.__all__]
    kinds = {k.__name__ for k in public if isinstance(k, type) and issubclass(k, Exception)} - {"S2sadError"}
    assert {f"## {kind}" for kind in kinds} <= headings


def test_the_readme_begins_with_the_two_commands() -> None:
    first = next(part for part in parse(text_of(ROOT / "README.md")) if isinstance(part, Block))
    assert first.number <= 6
    assert first.lines == [
        "pip install . && s2sad inspect examples/article.py:f --at 2 1", "pip install '.[test]' && python -m pytest",
    ]  # fmt: skip


def test_a_page_that_is_out_of_date_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(1 + 1)\n2 * 3  # -> 7\n```\n\n```text\n3\n```\n", encoding="utf-8")
    assert renewed(page) == "```python\nprint(1 + 1)\n2 * 3  # -> 6\n```\n\n```text\n2\n```\n"


def test_a_block_that_prints_nothing_has_no_output(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 1\n```\n\n```text\n```\n", encoding="utf-8")
    with pytest.raises(Stale, match="prints something"):
        renewed(page)


def test_last_digits_may_differ_and_nothing_else() -> None:
    assert same("value 0.30000000000000004 of x_1", "value 0.3 of x_1")
    assert not same("value 0.3", "value 0.31") and not same("v1.0 3", "v1.0 4") and not same("[1.0]", "[1.0, 1.0]")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the documentation and compare what it shows with what is so.")
    parser.add_argument("--write", action="store_true", help="write outputs and generated tables anew")
    parser.add_argument("pages", nargs="*", help="names of pages (default: all)")
    options = parser.parse_args()
    chosen = [page for page in EXECUTED if not options.pages or page.name in options.pages]
    stale = [page for page in chosen if not up_to_date(page, options.write)]
    return 1 if stale else 0


def up_to_date(page: Path, write: bool) -> bool:
    """Whether a page is as it should be, or is so now; what is not is printed."""
    try:
        found, wanted = text_of(page), renewed(page)
    except Exception as error:
        print(f"{page.name}: {type(error).__name__}: {error}")
        return False
    if not same(found, wanted):
        print(difference(page, found, wanted))
        if write:
            page.write_text(wanted, encoding="utf-8")
    return write or same(found, wanted)


if __name__ == "__main__":
    sys.exit(main())
