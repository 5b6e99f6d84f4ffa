"""In IPython: places and comments name the cell, and what is refused is shown in few lines."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

import s2sad
from s2sad import cells

pytest.importorskip("IPython", reason="IPython is not installed")
ROOT = pathlib.Path(s2sad.__file__).parent.parent
MARK = "=" * 7
SHELL = f"""
import sys, json
from traitlets.config import Config
from IPython.core.interactiveshell import InteractiveShell
config = Config(HistoryManager=dict(enabled=False))
shell = InteractiveShell.instance(colors="nocolor", config=config)
for text in json.load(sys.stdin):
    print({MARK!r}, flush=True)
    shell.run_cell(text, store_history=True)
    sys.stdout.flush()
"""
DEFINE = """\
import math
import numpy as np
from s2sad import grad

def f(x):
    for i in range(3):
        x = x * math.sin(x)
    return x

def refused(x):
    return eval("x") * x

def unruled(x):
    y = x * 2.0
    return np.sum(np.unwrap(y))

def above(x):
    return unruled(x)

def far_above(x):
    return above(x)

def highest(x):
    return far_above(x)
"""


def said(folder: pathlib.Path, *texts: str) -> list[str]:
    """What a new shell writes while it runs each of some cells."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder), "COLUMNS": "200"}
    run = subprocess.run([sys.executable, "-c", SHELL], input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120,
                         env=environment)  # fmt: skip
    assert not run.stderr, run.stderr
    found = run.stdout.split(MARK + "\n")[1:]
    assert len(found) == len(texts)
    return found


def test_comments_and_places_name_the_cell(tmp_path: pathlib.Path) -> None:
    calls = ["g = grad(f, control='record')\ng(1.0);", "print(g.source)", "grad(refused)(1.0)", "print(g.wengert)"]
    found = said(tmp_path, DEFINE, *calls)
    assert "# In[1]:7  x = x * math.sin(x)" in found[2] and "adjoint of In[1]:7" in found[2]
    assert "UnsupportedSyntax: In[1]:11:12: unsupported: eval()" in found[3]
    assert not [text for text in found if "ipython-input" in text]


@pytest.mark.parametrize("name", ["refused", "unruled", "above", "highest"])
def test_a_refusal_is_shown_in_few_lines(name: str, tmp_path: pathlib.Path) -> None:
    """Of each of the user's calls one line, and of many the first and the last."""
    shown = said(tmp_path, DEFINE, f"def call(x):\n    return grad({name})(x)\n", "# one\n# two\ncall(1.0)\n# three\n# four")[2]
    lines = shown.rstrip().splitlines()
    assert len(lines) <= 15, shown
    assert "----> 3 call(1.0)" in lines and "s2sad/" not in shown and "File" not in shown
    where, text = ("In[1]:11:12", "11 |     return eval") if name == "refused" else ("In[1]:15:19", "15 |     return np.sum(")
    assert shown.count(where) == 1 and text in shown and "hint: " in shown
    assert ("calls between" in shown) == (name == "highest")


def test_what_the_function_raises_is_shown_with_the_users_lines(tmp_path: pathlib.Path) -> None:
    shown = said(tmp_path, DEFINE, "grad(lambda x: math.log(x))(-1.0)")[1]
    assert shown.count("Cell In[2], line 1") == 2 and "s2sad/" not in shown and "ValueError: math domain error" in shown


def test_a_way_to_show_exceptions_that_was_set_stays(tmp_path: pathlib.Path) -> None:
    own = "def shown(shell, kind, error, traceback, tb_offset=None): print('my own', kind.__name__)\n"
    setting = "get_ipython().set_custom_exc((ValueError,), shown)"
    found = said(tmp_path, DEFINE, own + setting, "grad(refused)(1.0)", "raise ValueError")
    assert "UnsupportedSyntax: In[1]:11:12" in found[2] and found[3] == "my own ValueError\n"


def test_the_mode_of_tracebacks_that_was_chosen_holds(tmp_path: pathlib.Path) -> None:
    plain, minimal = said(tmp_path, DEFINE, "%xmode Plain", "grad(above)(1.0)", "%xmode Minimal", "grad(above)(1.0)")[2::2]
    assert plain.startswith("Traceback") and re.search(r"above\n    return unruled\(x\)", plain)
    assert minimal.startswith("MissingRule: In[1]:15:19")


def test_a_cell_of_another_process_has_its_number() -> None:
    assert cells.cell("<ipython-input-12-0123456789ab>") == "In[12]"
    assert cells.cell("<ipython-input>") is None is cells.cell("/tmp/model.py")
