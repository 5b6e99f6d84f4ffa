"""In IPython: places and comments name the cell, and what is refused is shown in few lines."""

from __future__ import annotations

import pathlib
import re

import pytest

from s2sad import cells
from tests.documents_cells import said

pytest.importorskip("IPython", reason="IPython is not installed")
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
    return np.sum(np.ma.average(y))

def above(x):
    return unruled(x)

def far_above(x):
    return above(x)

def highest(x):
    return far_above(x)
"""


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


# The magic

LOAD = "%load_ext s2sad\nimport math\nimport numpy as np\nw = np.ones(2)"
TWO = "def f(x, y):\n    return np.sum(x * x) * y\n"


def magic(folder: pathlib.Path, *texts: str) -> list[str]:
    """What a new shell writes for some cells, after the extension is loaded; an `Out[5]: ` in front is left out."""
    return [re.sub(r"\AOut\[\d+\]: ?\n?", "", text) for text in said(folder, LOAD, *texts)[1:]]


def test_a_cell_shows_the_gradient_of_its_last_function(tmp_path: pathlib.Path) -> None:
    cell = "%%grad --at w 3.0\n# first\n\ndef g(x):\n    return x\n\n" + TWO + "\nlast = f(w, 1.0)\n"
    shown, after, one = magic(tmp_path, cell, "print(f_grad(w, 2.0), f(w, 1.0), last, g(2))", "%%grad --at 2\nh = lambda x: x ** 3")
    assert shown.startswith("f_grad(w, 3.0) = array([6., 6.])\n\ndef f_value_and_grad(x, y):\n    # In[2]:8  return np.sum(x * x) * y\n")
    assert after == "[4. 4.] 2.0 2.0 2\n"
    assert one.startswith("h_grad(2) = 12.0\n") and "x ** 3" in one


def test_the_options_of_a_cell(tmp_path: pathlib.Path) -> None:
    by_y, both, named, kept, none = magic(
        tmp_path, "%%grad --argnums y --at w 3.0\n" + TWO, '%%grad --argnums 0 1 --at "np.array([1.0, 2.0])" y=3.0\n' + TWO,
        "%%grad --as slope\n" + TWO, "%%grad --control keep --at 0.5 2\ndef k(x, n):\n    for _ in range(n):\n        x = math.sin(x)\n"
        "    return x\n", "print('f_grad' in globals(), slope(w, 1.0))")  # fmt: skip
    assert by_y.startswith("f_grad(w, 3.0) = ") and "2.0" in by_y.splitlines()[0]
    assert both.startswith("f_grad(np.array([1.0, 2.0]), y=3.0) = (array([ 6., 12.]), ")
    assert named.startswith("slope(...) is <gradient of f(x, y), 0 recorded paths>")
    assert "for _ in range(n)" in kept or "for i in range(n)" in kept
    assert none == "True [2. 2.]\n"


def test_a_function_that_is_a_derivative_is_shown_as_it_is(tmp_path: pathlib.Path) -> None:
    (shown,) = magic(tmp_path, "%%grad --at 2.0\nimport s2sad\n\n@s2sad.value_and_grad\ndef k(x):\n    return x ** 4")
    assert shown.startswith("k(2.0) = (16.0, 32.0)\n\ndef k_value_and_grad(x):\n    # In[2]:6  return x ** 4")


def test_what_a_cell_does_wrong(tmp_path: pathlib.Path) -> None:
    none, option, value, raised, refused, spelt, ran = magic(
        tmp_path, "%%grad\nx = 1\n", "%%grad --onto 3\n" + TWO, "%%grad --at w nothing\n" + TWO,
        "%%grad --at -1.0\ndef g(x):\n    return math.log(x)\n", "%%grad --at 1.0\ndef h(x):\n    return eval('x')\n",
        "%%grad\ndef k(x:\n    return x\n", "%%grad\n1 / 0\n" + TWO)  # fmt: skip
    assert none == "UsageError: %%grad: the cell defines no function; define one with def, or name = lambda ...\n"
    assert option.startswith("UsageError: %%grad: unrecognized arguments: --onto 3; ")
    assert value == "UsageError: %%grad: --at nothing: NameError: name 'nothing' is not defined\n"
    assert "In[5], line 3" in raised and "ValueError: math domain error" in raised and "s2sad/" not in raised
    assert "UnsupportedSyntax: In[6]:3:12" in refused and "s2sad/" not in refused
    assert "SyntaxError" in spelt and "In[7], line 2" in spelt and "s2sad/" not in spelt
    assert "ZeroDivisionError" in ran and "In[8], line 2" in ran and "s2sad/" not in ran


def test_the_extension_can_be_loaded_twice_and_taken_away(tmp_path: pathlib.Path) -> None:
    again, away, gone = magic(tmp_path, "%reload_ext s2sad", "%unload_ext s2sad", "%%grad\n" + TWO)
    assert again == away == "" and "UsageError: Cell magic `%%grad` not found." in gone
