"""What an import of s2sad does, and what it leaves until it is needed."""
from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

import s2sad
from s2sad.errors import RuleError
from s2sad.rules.language import BY_FUNCTION, BY_NAME, STRONG, elementwise

ROOT = pathlib.Path(__file__).parent.parent
BEHIND = ("rules", "front", "ir", "adjoint", "record", "keep", "passes", "tape", "check", "export", "cli")
FUNCTION = """
import numpy as np, s2sad
def f(x):
    return np.tanh(x)
"""
BEFORE, LOADED = "import sys, numpy; before = set(sys.modules)", "print(*sorted(set(sys.modules) - before))"


def printed(place: pathlib.Path, *lines: str) -> list[str]:
    """What a fresh interpreter prints that runs these lines, in words."""
    program = place / "program.py"
    program.write_text("\n".join(lines))
    run = [sys.executable, "-W", "error", str(program)]
    return subprocess.run(run, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}).stdout.split()


def test_an_import_loads_what_stands_in_front_of_the_compiler(tmp_path: pathlib.Path) -> None:
    """No package of the compiler, neither parser, and few lines: without stored bytecode a thousand take a hundredth of a second."""
    loaded = printed(tmp_path, BEFORE, "import s2sad", LOADED)
    own = [name.split(".") for name in loaded if name.partition(".")[0] == "s2sad"]
    assert not [name for name in own if name[1:] and name[1] in BEHIND]
    assert not {"gast", "astor", "argparse", "unittest", "doctest"} & set(loaded)
    files = [ROOT.joinpath(*name) for name in own]
    texts = [(file / "__init__.py" if file.is_dir() else file.with_suffix(".py")).read_text() for file in files]
    assert sum(text.count("\n") for text in texts) < 5150


def test_decorating_a_function_loads_nothing_more(tmp_path: pathlib.Path) -> None:
    assert printed(tmp_path, "import sys, numpy, s2sad; before = set(sys.modules)", FUNCTION, "s2sad.grad(f)", LOADED) == []


def test_the_first_call_loads_the_compiler_alone(tmp_path: pathlib.Path) -> None:
    loaded = printed(tmp_path, BEFORE, FUNCTION, "with np.errstate(all='raise'): s2sad.grad(f)(1.0)", LOADED)
    assert {"s2sad.calls.compilation", "s2sad.rules.ufuncs", "astor"} <= set(loaded)
    assert not {"s2sad.tape.reference", "s2sad.check", "s2sad.export", "s2sad.cli"} & set(loaded)


def test_a_gradient_loads_neither_forward_mode_nor_many_seeds(tmp_path: pathlib.Path) -> None:
    late = {f"s2sad.{name}" for name in ("tangent.sweep", "tangent.regions", "tangent.transposed", "adjoint.mapped",
                                         "adjoint.mapped_regions", "native.independent")}  # fmt: skip
    gradients = "for way in 'keep', 'record': s2sad.grad(f, control=way)(1.0)"
    loaded = printed(tmp_path, BEFORE, FUNCTION, "import s2sad.native", gradients, LOADED)
    assert "s2sad.native.parallel" in loaded and not late & set(loaded)
    assert "s2sad.tangent.regions" in printed(tmp_path, BEFORE, FUNCTION, "s2sad.jvp(f, (1.0,), (1.0,), control='keep')", LOADED)


def test_threads_may_be_the_first_together(tmp_path: pathlib.Path) -> None:
    threads = "found, threads = [], [threading.Thread(target=lambda: found.append(s2sad.grad(f)(0.0))) for _ in range(8)]"
    run = "import threading\n" + threads + "\n" "for act in (threading.Thread.start, threading.Thread.join): [act(t) for t in threads]"
    assert printed(tmp_path, FUNCTION, run, "print(*found)") == ["1.0"] * 8


def test_all_that_is_public_is_there(tmp_path: pathlib.Path) -> None:
    found = printed(tmp_path, "import s2sad", "from s2sad import *", "print(*(n for n in s2sad.__all__ if n in globals()))")
    assert found == s2sad.__all__
    assert set(printed(tmp_path, "import s2sad", "print(*dir(s2sad))")) > set(s2sad.__all__)
    shown = "print(s2sad.tape.gradient.__name__, s2sad.rules.FAMILIES[0], s2sad.check_grads.__name__, s2sad.rule.__name__)"
    assert printed(tmp_path, "import s2sad", shown) == ["gradient", "creation", "check_grads", "rule"]


def test_nothing_else_is_there() -> None:
    with pytest.raises(AttributeError, match="module 's2sad' has no attribute 'gradient'"):
        s2sad.gradient  # noqa: B018  # type: ignore[attr-defined]
    assert not hasattr(s2sad, "__wrapped__")


def test_a_module_that_does_not_load_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "s2sad.shown.graph", raising=False)
    monkeypatch.delitem(vars(s2sad), "graph", raising=False)
    monkeypatch.setitem(sys.modules, "s2sad.cli.entry", None)
    monkeypatch.delitem(sys.modules, "s2sad.cli", raising=False)
    monkeypatch.delitem(vars(s2sad), "cli", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"s2sad\.cli\.entry"):
        s2sad.cli  # noqa: B018  # type: ignore[attr-defined]


# Rules


def test_every_rule_of_the_table_can_be_read() -> None:
    for primitive in (*BY_NAME.values(), *(p.primitive for p in STRONG.values())):
        primitive.read()


def test_loading_the_table_reads_none_of_its_rules(tmp_path: pathlib.Path) -> None:
    parts = "{'template', 'parameters', 'pullbacks', 'jvp'}"
    read = f"print(*(p.name for p in s2sad.rules.language.BY_NAME.values() if {parts} & vars(p).keys()))"
    assert printed(tmp_path, "import s2sad.rules", read) == []


def test_a_rule_is_read_as_it_is_used(tmp_path: pathlib.Path) -> None:
    read = "print(*(p.name for p in s2sad.rules.language.BY_NAME.values() if 'pullbacks' in vars(p)))"
    found = printed(tmp_path, FUNCTION, "s2sad.grad(f)(1.0)", read)
    assert "np.tanh" in found and "np.sin" not in found and len(found) < 15


def test_the_table_is_loaded_once_more_where_that_was_interrupted(tmp_path: pathlib.Path) -> None:
    """Here by a function that is missing for a moment, elsewhere by Ctrl-C."""
    tried = "try: s2sad.grad(f)(0.0)\nexcept s2sad.RuleError as error: print(error.reason.replace(' ', '_'))"
    found = printed(tmp_path, FUNCTION, "select = np.select; del np.select", tried, "np.select = select", "print(s2sad.grad(f)(0.0))")
    assert found == ["unknown_function_np.select", "1.0"]


def test_a_function_in_the_place_of_one_of_numpy_does_not_get_its_rule(tmp_path: pathlib.Path) -> None:
    tried = "try: s2sad.grad(f)(0.0)\nexcept s2sad.RuleError as error: print(error.reason.replace(' ', '_'))"
    other = "def cubed(x): return x * x * x"
    found = printed(tmp_path, FUNCTION, other, "tanh, np.tanh = np.tanh, cubed", tried, "np.tanh = tanh", "print(s2sad.grad(f)(0.0))")
    assert found == ["np.tanh_is_not_NumPy's_own,_and_the_rule_is_for_that", "1.0"]
    later = ["np.tanh = cubed", "print(s2sad.grad(f)(2.0))"]  # the rules are there by then: it is followed like any function
    assert printed(tmp_path, FUNCTION, other, "import s2sad.rules", *later) == ["12.0"]


def twice(x: float) -> float:
    return 2 * x


def test_a_rule_of_the_user_is_read_where_it_is_registered() -> None:
    with pytest.raises(RuleError, match="unknown name 'nothing'"):
        elementwise("twice(x)", x="nothing")
    assert "twice" not in BY_NAME and twice not in BY_FUNCTION
