"""Whether an exported module is stale: the sources it was made of, by their hashes."""

from __future__ import annotations

import importlib.util
import linecache

import pytest

import s2sad
from s2sad.export import export, verify
from s2sad.rules.language import BY_NAME
from tests.export.test_export import made

SOURCE = """
import math

# a comment

def helper(v):
    return v * 2.0

class Model:
    @staticmethod
    def loss(x):
        return helper(x) + math.sin(x)

triple = lambda x: 3.0 * x

class Scale:
    def __init__(self, rate):
        self.rate = rate * 5.0

    @property
    def twice(self):
        return self.rate * 2.0

def scaled(x):
    return Scale(x).twice
"""


@pytest.fixture
def project(tmp_path):
    """A module of the user's, and a module exported from it."""
    path = tmp_path / "model.py"
    path.write_text(f"# {tmp_path}{SOURCE}")
    spec = importlib.util.spec_from_file_location("model", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    out = tmp_path / "out.py"
    out.write_text(export(module.Model.loss, (2.0,), base=tmp_path))
    return path, out, module


def test_an_export_is_fresh_until_its_source_changes(project):
    path, out, _ = project
    assert verify(out) == (True, "matches model.py:Model.loss, model.py:helper")
    path.write_text(SOURCE.replace("# a comment", "# another\n\n\n") + "\nother = 1\n")
    assert verify(out)[0], "what surrounds the functions does not matter"
    path.write_text(SOURCE.replace("v * 2.0", "v * 2.5"))
    assert verify(out) == (False, "helper in model.py has changed")
    path.write_text(SOURCE.replace("math.sin", "math.cos").replace("v * 2.0", "v"))
    assert verify(out) == (False, "Model.loss in model.py has changed; helper in model.py has changed")
    path.write_text(SOURCE.replace("@staticmethod", "@classmethod"))
    assert verify(out) == (False, "Model.loss in model.py has changed")
    path.write_text(SOURCE.replace("def helper", "def renamed"))
    assert verify(out) == (False, "model.py does not define helper any more")
    path.write_text("def helper(:\n")
    assert "is no Python source any more" in verify(out)[1]
    path.unlink()
    assert verify(out) == (False, "model.py is not there any more; model.py is not there any more")


def test_what_a_class_made_inside_does_is_watched_too(project):
    path, out, module = project
    out.write_text(export(module.scaled, (2.0,), base=path.parent))
    fresh, reason = verify(out)
    assert fresh and set(reason.removeprefix("matches ").split(", ")) == {
        "model.py:scaled", "model.py:Scale.__init__", "model.py:Scale.twice",
    }  # fmt: skip
    path.write_text(SOURCE.replace("rate * 5.0", "rate * 6.0"))
    assert verify(out) == (False, "Scale.__init__ in model.py has changed")
    path.write_text(SOURCE.replace("rate * 2.0", "rate * 3.0"))
    assert verify(out) == (False, "Scale.twice in model.py has changed")


def test_a_lambda_is_found_by_its_text(project):
    path, out, module = project
    out.write_text(export(module.triple, (2.0,), base=path.parent))
    assert verify(out) == (True, "matches model.py:<lambda>")
    path.write_text(SOURCE.replace("3.0 * x", "4.0 * x"))
    assert verify(out) == (False, "<lambda> in model.py has changed")


def test_files_are_named_from_the_folder_of_the_module(project):
    path, _, module = project
    below = path.parent / "gradients"
    below.mkdir()
    (below / "out.py").write_text(export(module.triple, (2.0,), base=below))
    assert verify(below / "out.py") == (True, "matches ../model.py:<lambda>")


def test_a_file_that_was_not_exported_is_no_answer(project):
    path, out, _ = project
    with pytest.raises(ValueError, match="was not exported by s2sad"):
        verify(path)
    out.write_text(out.read_text().replace("# source", "# sauce"))
    with pytest.raises(ValueError, match="does not name its source"):
        verify(out)
    with pytest.raises(FileNotFoundError):
        verify(out.parent / "nothing.py")


def test_a_rule_of_the_users_is_taken_along_and_watched(tmp_path):
    path = tmp_path / "rules.py"
    text = "import numpy as np\nLIMIT = 2.0\ndef capped(x):\n    return np.minimum(x, LIMIT)\n"
    text += "def loss(x):\n    return 3.0 * capped(x)\n"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("rules_of_mine", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    s2sad.elementwise("capped(x)", x="1.0 * (x < 2.0)", namespace=vars(module))
    try:
        (tmp_path / "out.py").write_text(export(module.loss, (1.5,), base=tmp_path))
    finally:
        del BY_NAME["capped"], s2sad.rules.language.BY_FUNCTION[module.capped]
    function = made((tmp_path / "out.py").read_text())["loss_value_and_grad"]
    assert function(1.5) == (4.5, 3.0) and function(5.0) == (6.0, 0.0)
    assert verify(tmp_path / "out.py") == (True, "matches rules.py:loss, rules.py:capped")


def test_a_cell_of_a_notebook_goes_by_its_number(tmp_path, monkeypatch):
    file, text = "<ipython-input-2-0123456789ab>", "def f(x):\n    return x * x\n"
    monkeypatch.setitem(linecache.cache, file, (len(text), None, text.splitlines(keepends=True), file))
    exec(compile(text, file, "exec"), names := {})
    out = tmp_path / "out.py"
    out.write_text(export(names["f"], (2.0,)))
    assert "# source In[2]:f sha256:" in out.read_text() and file not in out.read_text()
    assert verify(out) == (False, "f was defined in a cell of a notebook, In[2], which is not there to be compared")
