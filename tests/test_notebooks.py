"""A notebook as people write it, in a real kernel of Jupyter."""

from __future__ import annotations

import os
import pathlib
import re
from typing import Any

import pytest

import s2sad

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")
nbformat = pytest.importorskip("nbformat")

ROOT = pathlib.Path(s2sad.__file__).parent.parent
COLOUR = re.compile(r"\x1b\[[\d;]*m")
MODULE = "import math\n\n\ndef f(x):\n    return math.sin(x)\n"
REFUSED = "\n\n\n\ndef f(x):\n    return eval('x')\n"
EDITED = "import math\n\n# a line more\n\n\ndef f(x):\n    return 3.0 * x\n"
CELLS = {
    "define": "import math, importlib, pathlib, sys\nimport numpy as np\nimport s2sad\nfrom s2sad import grad\n\n"
              "def helper(x):\n    return x * x\n\ndef f(x):\n    return helper(x) * 3.0",
    "differentiate": "g = grad(f)\ng(2.0)",
    "source": "print(g.source)",
    "redefine helper": "def helper(x):\n    return math.sin(x)\n",
    "call again": "g(2.0) == 3.0 * math.cos(2.0)",
    "redefine function": "def f(x):\n    return helper(x) * 5.0\n\ngrad(f)(2.0) == 5.0 * math.cos(2.0), g(2.0) == 3.0 * math.cos(2.0)",
    "refused": "def refused(x):\n    y = x * 2.0\n    return np.ma.average(y)\n\ndef loss(x):\n    y = refused(x)\n    return y * y\n",
    "call refused": "# some\n# lines\ngrad(loss)(np.ones(3))\n# and\n# more",
    "unsupported": "def h(x):\n    return eval('x')\n\ngrad(h)(1.0)",
    "raises": "grad(lambda x: math.log(x) * x)(-1.0)",
    "timeit": "%timeit -n 2 -r 2 grad(lambda x: x * x)(3.)",
    "time": "%%time\ndef timed(x):\n    return x ** 3\n\nprint(grad(timed)(2.0))",
    "profile": "%prun -q grad(lambda x: x * x)(3.)",
    "module": f"pathlib.Path('model.py').write_text({MODULE!r})\nsys.path.insert(0, '')\nimport model\nbefore = grad(model.f)\n"
              "before(2.0) == math.cos(2.0)",
    "reload": f"pathlib.Path('model.py').write_text({EDITED!r})\nimportlib.reload(model)\n"
              "grad(model.f)(2.0), before(2.0) == math.cos(2.0), before(1.0) == math.cos(1.0)",
    "autoreload": f"%load_ext autoreload\n%autoreload 2\npathlib.Path('model.py').write_text({MODULE!r} + '# and more')",
    "after autoreload": "grad(model.f)(2.0) == math.cos(2.0)",
    "refused module": f"pathlib.Path('model.py').write_text({REFUSED!r})",
    "call refused module": "grad(model.f)(2.0)",
    "magic": "%load_ext s2sad",
    "cell magic": "%%grad --at 2.0\n# a comment\n\ndef cubed(x):\n    return x ** 3",
    "after the magic": "cubed_grad(3.0), cubed(2.0)",
    "check": "s2sad.check_grads(cubed, (2.0,))",
    "html": "shown = grad(lambda x, y: x * y + math.sin(x))\nshown(2.0, 3.0)\nshown",
    "joblib": "import joblib\nscale = 3.0\ndef steep(x):\n    return helper(x) * scale\n\nslope = grad(steep)\nslope(1.0)\n"
              "with joblib.Parallel(n_jobs=2) as pool:\n    found = pool(joblib.delayed(slope)(0.5 * i) for i in range(4))\n"
              "found == [slope(0.5 * i) for i in range(4)]",
    "end of joblib": "from joblib.externals.loky import get_reusable_executor\nget_reusable_executor().shutdown(wait=True)",
    "process": "import os\nos.getpid()",
}
RAISE = ("call refused", "unsupported", "raises", "call refused module")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What each cell of the notebook has given, all run in one kernel. A cell that raises and is not among those that should ends it."""
    folder = tmp_path_factory.mktemp("notebook")
    cells = [nbformat.v4.new_code_cell(text, metadata={"tags": ["raises-exception"] * (name in RAISE)}) for name, text in CELLS.items()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with pytest.MonkeyPatch.context() as world:
        world.setenv("PYTHONPATH", str(ROOT))
        for place in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):  # none of the user's
            world.setenv(place, str(folder / place))
        nbclient.NotebookClient(notebook, timeout=120, startup_timeout=120, kernel_name="python3",
                                resources={"metadata": {"path": folder}}).execute()  # fmt: skip
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}


def shown(outputs: list[Any]) -> str:
    """The text of what a cell has given: what it printed, the value of its last line, or the traceback."""
    parts = []
    for output in outputs:
        match output.output_type:
            case "stream":
                parts.append(output.text)
            case "error":
                parts.append(COLOUR.sub("", "\n".join(output.traceback)))
            case _:
                parts.append(output.data["text/plain"])
    return "\n".join(parts)


def test_define_and_differentiate(outputs: dict[str, list[Any]]) -> None:
    assert shown(outputs["differentiate"]) == "12.0"
    assert "# In[1]:10  return helper(x) * 3.0" in shown(outputs["source"]) and "ipykernel" not in shown(outputs["source"])


def test_a_helper_and_a_function_that_are_defined_anew(outputs: dict[str, list[Any]]) -> None:
    assert shown(outputs["call again"]) == "True"
    assert shown(outputs["redefine function"]) == "(True, True)"


@pytest.mark.parametrize("name", ["call refused", "unsupported"])
def test_an_error_cell_of_a_refusal_has_few_lines(name: str, outputs: dict[str, list[Any]]) -> None:
    text = shown(outputs[name])
    assert len(text.splitlines()) <= 15, text
    place = "In[7]:3:12: no rule" if name == "call refused" else "In[9]:2:12: unsupported: eval()"
    assert text.count(place) == 1 and "hint: " in text and "s2sad/" not in text and "ipykernel" not in text
    assert ("----> 3 grad(loss)(np.ones(3))" in text) == ("----> 6     y = refused(x)" in text) == (name == "call refused")


def test_an_error_cell_of_the_users_own_exception(outputs: dict[str, list[Any]]) -> None:
    text = shown(outputs["raises"])
    assert text.splitlines()[-1] == "ValueError: math domain error" and text.count("Cell In[10], line 1") == 2
    assert len(text.splitlines()) <= 15 and "s2sad/" not in text


def test_the_magics_of_ipython_that_run_text(outputs: dict[str, list[Any]]) -> None:
    assert "per loop" in shown(outputs["timeit"])
    assert "12.0\n" in shown(outputs["time"]) and "Wall time" in shown(outputs["time"])
    assert "Error" not in shown(outputs["profile"])


def test_a_module_that_is_edited_and_loaded_again(outputs: dict[str, list[Any]]) -> None:
    assert shown(outputs["module"]) == "True"
    assert shown(outputs["reload"]) == "(3.0, True, True)"
    assert shown(outputs["after autoreload"]) == "True"


def test_an_error_in_a_module_that_is_edited_shows_its_new_line(outputs: dict[str, list[Any]]) -> None:
    text = shown(outputs["call refused module"])
    assert "model.py:6:12: unsupported: eval()" in text and "return eval('x')" in text and len(text.splitlines()) <= 15


def test_the_magic(outputs: dict[str, list[Any]]) -> None:
    text = shown(outputs["cell magic"])
    assert text.startswith("cubed_grad(2.0) = 12.0\n") and f"# In[{1 + list(CELLS).index('cell magic')}]:5  return x ** 3" in text
    assert shown(outputs["after the magic"]) == "(27.0, 8.0)"


def test_the_table_of_a_check(outputs: dict[str, list[Any]]) -> None:
    (output,) = outputs["check"]
    assert "<table>" in output.data["text/html"] and "all agree" in output.data["text/html"]
    assert output.data["text/plain"].startswith("check of cubed(): ok, all agree")


def test_a_gradient_shows_itself(outputs: dict[str, list[Any]]) -> None:
    (output,) = outputs["html"]
    page = COLOUR.sub("", re.sub(r"<[^>]*>", "", output.data["text/html"]))
    assert re.search(r"\bIn\[\d+\]:1 <lambda>|In\[\d+\]:1 &lt;lambda&gt;", page), page
    assert "x * y + math.sin(x)" in page and "math.cos(x)" in page and "<svg" in output.data["text/html"]
    assert output.data["text/plain"].startswith("<gradient of <lambda>(x, y), ")
    (output,) = outputs["cell magic"]
    assert output.data["text/html"].startswith("<pre>cubed_grad(2.0) = 12.0</pre>") and "x ** 3" in output.data["text/html"]


def test_other_processes_call_a_gradient_of_a_cell(outputs: dict[str, list[Any]]) -> None:
    assert shown(outputs["joblib"]) == "True"


def test_the_kernel_is_gone(outputs: dict[str, list[Any]]) -> None:
    with pytest.raises(ProcessLookupError):
        os.kill(int(shown(outputs["process"])), 0)
