"""The exercise of docs/contributing.md, done in a copy of the tree: a function gets a rule, and its tests, in two files."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import s2sad

ROOT = pathlib.Path(s2sad.__file__).parent.parent
PAGE = ROOT / "docs" / "contributing.md"
STEP = re.compile(r"^\d\. In `(\S+)`, (below|above) `(\S+)`:\n\n +(\S.*)\n", re.MULTILINE)


def done(text: str, where: str, neighbour: str, line: str) -> str:
    """The text of a file with a line more, below or above the one that begins with its neighbour."""
    lines = text.splitlines(keepends=True)
    at = next(i for i, known in enumerate(lines) if re.search(rf'"{neighbour}["(]', known))
    indent = re.match(" *", lines[at])
    assert indent is not None
    lines.insert(at + (where == "below"), f"{indent[0]}{line}\n")
    return "".join(lines)


@pytest.mark.sampled(2)
def test_the_exercise_needs_two_files(tmp_path: pathlib.Path) -> None:
    for folder in ("s2sad", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    steps = STEP.findall(PAGE.read_text(encoding="utf-8"))
    assert len(steps) == 2
    for name, where, neighbour, line in steps:
        file = tmp_path / name
        file.write_text(done(file.read_text(encoding="utf-8"), where, neighbour, line), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "tests/forms", "-k", "fftshift"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.count(".") > 4
