"""Cells of notebooks in the documentation: run in a shell of IPython, in a process of its own."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import s2sad

ROOT = pathlib.Path(s2sad.__file__).parent.parent
MARK = "=" * 7
SHELL = f"""
import json, sys
from traitlets.config import Config
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance(colors="nocolor", config=Config(HistoryManager=dict(enabled=False)))
sys.stderr = sys.stdout
for text in json.load(sys.stdin):
    print({MARK!r}, flush=True)
    shell.run_cell(text, store_history=True)
    sys.stdout.flush()
"""


def said(folder: pathlib.Path, *texts: str) -> list[str]:
    """What a new shell writes while it runs each of some cells in a directory."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / ".ipython"), "COLUMNS": "200"}
    run = subprocess.run([sys.executable, "-c", SHELL], input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120,
                         env=environment, cwd=folder)  # fmt: skip
    assert not run.stderr, run.stderr
    found = run.stdout.split(MARK + "\n")[1:]
    assert len(found) == len(texts)
    return found


def outputs(cells: list[list[str]]) -> list[list[str]]:
    """What each cell of a page writes, line by line."""
    if not cells:
        return []
    with tempfile.TemporaryDirectory() as folder:
        found = said(pathlib.Path(folder), *("\n".join(cell) + "\n" for cell in cells))
    return [text.rstrip().split("\n") if text.strip() else [] for text in found]
