"""A function without a rule is called by the name that the user has for it, and the kind of rule that is proposed fits."""

from __future__ import annotations

import math
import sys
import types
from typing import Any

import numpy as np
import pytest

from s2sad.machine.proposals import full_name, proposal


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A compiled library with ufuncs, which do not say where they are from, and a private module that a function names."""
    made, private, other = (types.ModuleType(name) for name in ("lib.special", "lib.special._impl", "lib"))
    solve = types.FunctionType((lambda a, b, tol=1.0: a).__code__, {"__name__": "lib.special._impl"}, "solve", (1.0,))
    solve.__qualname__ = "solve"
    vars(private)["solve"] = vars(made)["solve"] = solve
    for module in (private, made, other):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return made


def test_names(library: Any) -> None:
    assert full_name(np.sin) == "np.sin" and full_name(np.add.reduce) == "np.add.reduce" and full_name(np.fft.fft) == "np.fft.fft"
    assert full_name(library.solve) == "lib.special.solve" and full_name(math.gamma) == "math.gamma"
    library.logistic = np.frompyfunc(library.solve, 1, 1)
    assert full_name(library.logistic) == "solve (vectorized)", "found nowhere under its name"
    setattr(library, "solve (vectorized)", library.logistic)
    assert full_name(library.logistic) == "lib.special.solve (vectorized)"


def test_ufuncs_of_other_libraries() -> None:
    special = pytest.importorskip("scipy.special")
    assert full_name(special.expit) == "scipy.special.expit" and full_name(special.gammaln.reduce) == "scipy.special.gammaln.reduce"
    assert 's2sad.elementwise("scipy.special.expit(x)", x=' in proposal(special.expit)
    assert 'jv(x1, x2)", x1="<its derivative in x1, x2 and ans>", x2=' in proposal(special.jv)


@pytest.mark.parametrize("function, line", [
    (np.isclose, 's2sad.zero("np.isclose(a, b)")'), (np.signbit, 's2sad.zero("np.signbit(x)")'),
    (np.spacing, 's2sad.elementwise("np.spacing(x)", x="'), (np.linalg.eig, "s2sad.custom_vjp"),
    (np.linalg.eig, 's2sad.rule("np.linalg.eig(a)", a="'), (np.frompyfunc(abs, 1, 1), 's2sad.elementwise("f(x)", x="'),
    (object().__init__, "s2sad.rule("),
], ids=range(7))  # fmt: skip
def test_kinds(function: Any, line: str) -> None:
    assert line in proposal(function)
