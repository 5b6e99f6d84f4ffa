"""A module's text becomes a function in machine code, once in a process."""

from __future__ import annotations

import pathlib
import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import CannotBeNative
from s2sad.native import store
from s2sad.native.store import compiled
from tests.native.fresh import fresh

pytest.importorskip("numba")
CALLS = """
import math
import numpy as np


def half(x):
    return x / 2


def total(x):
    # of the user
    s = 0.0
    for i in range(x.shape[0]):
        s += half(math.sin(x[i]))
    return s
"""


def test_a_text_is_compiled_once_for_each_type_with_what_it_calls() -> None:
    total = compiled(CALLS, "total")
    x = np.linspace(0.0, 3.0, 20)
    assert total(x) == pytest.approx(np.sin(x).sum() / 2, rel=1e-15)
    assert type(total(x.astype("f4"))) is float and len(total.signatures) == 2  # type: ignore[attr-defined]
    assert compiled(CALLS, "total") is total
    assert compiled(CALLS, "total", fastmath=frozenset({"contract", "reassoc"})) is not total
    assert compiled(CALLS, "half")(3) == 1.5


def test_texts_of_one_name_are_functions_of_their_own() -> None:
    """Numba calls machine code by module and name, in the whole process."""
    one, two = (compiled(f"def value(x):\n    return x + {n}\n", "value") for n in (1, 2))
    assert (one(1.0), two(1.0)) == (2.0, 3.0)


def test_division_is_that_of_numpy() -> None:
    inverse = compiled("def inverse(x):\n    return 1.0 / x\n", "inverse")
    assert inverse(0.0) == np.inf


def test_an_exception_stands_at_its_line_of_the_text() -> None:
    leaves = compiled("def leaves(x):\n    if x > 0.0:\n        raise ValueError('positive')\n    return x\n", "leaves")
    with pytest.raises(ValueError, match="positive"):
        leaves(1.0)
    plain: Any = leaves
    with pytest.raises(ValueError) as raised:
        plain.py_func(1.0)
    assert str(raised.traceback[-1].statement).strip() == "raise ValueError('positive')"


def test_threads_that_call_first_together_compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made, gate, prepared = [], threading.Barrier(4), store._function

    def slowly(*args: Any) -> Any:
        time.sleep(0.02)
        return prepared(*args)

    def first() -> None:
        gate.wait()
        function: Any = compiled("import math\ndef root(x):\n    return math.sqrt(x)\n", "root")
        made.append((function, function(4.0)))

    monkeypatch.setattr(store, "_function", slowly)
    threads = [threading.Thread(target=first) for _ in range(4)]
    for act in (threading.Thread.start, threading.Thread.join):
        for thread in threads:
            act(thread)
    assert len({id(function) for function, _ in made}) == 1 and [value for _, value in made] == [2.0] * 4
    assert sum(made[0][0].stats.cache_misses.values()) == 1


def test_without_numba_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(s2sad.CannotBeNative, match=r"needs Numba(.|\n)*pip install 's2sad\[numba\]'"):
        compiled(CALLS, "total")


def test_a_numba_that_does_not_load_or_is_old_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    import numba

    monkeypatch.setattr(numba, "__version__", "0.59.1")
    with pytest.raises(CannotBeNative, match=r"needs Numba 0\.62 or newer, not 0\.59\.1"):
        compiled(CALLS, "total")
    (tmp_path / "numba.py").write_text("raise ImportError('Numba needs NumPy 2.4 or less')")
    tried = "try: compiled('', 'f')\nexcept s2sad.CannotBeNative as error: print(error.reason)"
    said = fresh(f"import sys; sys.path.insert(0, {str(tmp_path)!r})", "import s2sad", "from s2sad.native.store import compiled", tried)
    assert said == ['backend="numba" needs Numba, which does not load here: Numba needs NumPy 2.4 or less']


def test_with_compilation_switched_off_it_is_the_plain_function() -> None:
    said = fresh("from s2sad.native.store import compiled", f"total = compiled({CALLS!r}, 'total')",
                 "import numpy; print(type(total).__name__, total(numpy.array([0.5, 1.0])))", NUMBA_DISABLE_JIT="1")  # fmt: skip
    assert said == [f"function {(np.sin(0.5) + np.sin(1.0)) / 2}"]


def test_s2sad_is_imported_without_numba() -> None:
    assert fresh("import sys, s2sad, s2sad.native.store", "print('numba' in sys.modules)") == ["False"]
