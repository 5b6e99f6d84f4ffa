"""Modules that are loaded anew, and helpers that are defined once more: the next call uses those of now."""
from __future__ import annotations

import importlib
import math
import pathlib
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import tape, value_and_grad
from s2sad.export import exporter
from tests.oracles import assert_identical

CONTROLS = ["record", "keep", "auto", "tape"]


def load(slope: float) -> None:
    """The modules `outer_part` and `outer_part.inner`, made anew."""
    outer, inner = types.ModuleType("outer_part"), types.ModuleType("outer_part.inner")
    outer.slope, outer.inner, outer.turned = slope, inner, math.sin  # type: ignore[attr-defined]
    inner.slope = 10.0 * slope  # type: ignore[attr-defined]
    sys.modules |= {"outer_part": outer, "outer_part.inner": inner}


@pytest.fixture(autouse=True)
def unload() -> Iterator[None]:
    yield
    for name in ("outer_part", "outer_part.inner"):
        sys.modules.pop(name, None)


def plainly(x: Any) -> Any:
    import outer_part

    return x * outer_part.slope


def dotted(x: Any) -> Any:
    import outer_part.inner

    return x * outer_part.inner.slope / 10.0


def by_another_name(x: Any) -> Any:
    import outer_part.inner as part

    return x * part.slope / 10.0


def a_name(x: Any) -> Any:
    from outer_part import slope

    return x * slope


def a_name_of_a_part(x: Any) -> Any:
    from outer_part.inner import slope

    return x * slope / 10.0


def a_part(x: Any) -> Any:
    from outer_part import inner

    return x * inner.slope / 10.0


def in_a_loop(x: Any) -> Any:
    y = x
    for _ in range(3):
        import outer_part

        y = y + x * outer_part.slope
    return (y - x) / 3.0


FUNCTIONS = [plainly, dotted, by_another_name, a_name, a_name_of_a_part, a_part, in_a_loop]


def derivative(function: Callable[..., Any], control: str) -> Any:
    if control == "tape":
        return lambda *args: tape.gradient(function, args)
    return value_and_grad(function, control=control)  # type: ignore[call-overload]


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_module_that_is_loaded_anew_is_the_one_that_is_used(function: Callable[..., Any], control: str) -> None:
    derived = derivative(function, control)
    for slope in (2.0, 4.0, 4.0, 8.0, 2.0):
        load(slope)
        assert_identical(derived(0.5), (function(0.5), slope))


@pytest.mark.parametrize("control", CONTROLS)
def test_modules_of_python_and_numpy_are_imported_as_ever(control: str) -> None:
    def f(x: Any) -> Any:
        import math as m

        import numpy.linalg
        from numpy import sum as total

        return total(x * 2.0) * m.sqrt(4.0) + numpy.linalg.norm(x)

    x = np.array([3.0, 4.0])
    derived = derivative(f, control)
    for _ in range(2):
        assert_identical(derived(x), (f(x), np.array([4.6, 4.8])))


def test_a_part_that_is_exchanged_within_its_module() -> None:
    load(2.0)
    derived = value_and_grad(by_another_name)
    assert derived(0.5)[1] == 2.0
    sys.modules["outer_part"].inner = types.SimpleNamespace(slope=50.0)  # type: ignore[attr-defined]
    assert_identical(derived(0.5), (by_another_name(0.5), 5.0))


def test_a_module_that_is_gone_raises_as_it_does() -> None:
    load(2.0)
    derived = value_and_grad(plainly)
    assert derived(0.5)[1] == 2.0
    del sys.modules["outer_part"]
    with pytest.raises(ModuleNotFoundError, match="outer_part"):
        derived(0.5)


def test_a_function_that_imports_is_exported() -> None:
    load(2.0)
    namespace: dict[str, Any] = {}
    exec(exporter.export(a_name, (0.5,)), namespace)
    assert namespace["a_name_value_and_grad"](0.5)[1] == 2.0


@pytest.mark.parametrize("control", CONTROLS)
def test_a_file_that_is_edited_and_loaded_anew(control: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has told `linecache` of it. What was followed before is followed further, also where nobody has loaded the new text."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    file, name = tmp_path / f"edited_{control}.py", f"edited_{control}"
    file.write_text("def f(x):\n    return 2.0 * x\n")
    part = importlib.import_module(name)
    old = part.f
    derived = derivative(lambda x: part.f(x), control)
    assert_identical(derived(0.5), (1.0, 2.0))
    file.write_text("# one more line\ndef f(x):\n    return x * x\n")
    assert_identical(derived(0.25), (0.5, 2.0))
    importlib.reload(part)
    assert_identical(derived(0.5), (0.25, 1.0))
    part.f = old
    assert_identical(derived(0.5), (1.0, 2.0))
    assert_identical(derivative(lambda x: old(x) * part.f(x), control)(0.5), (1.0, 4.0))
    del sys.modules[name]


def helper(slope: float) -> Any:
    def step(y: Any) -> Any:
        return y * slope

    return step


class Holder:
    """A namespace whose helper is made anew."""

    step = staticmethod(helper(2.0))


def repeated(x: Any, n: int) -> Any:
    for _ in range(n):
        x = Holder.step(x)
    return x


@pytest.mark.parametrize("control", ["keep", "auto"])
def test_a_helper_that_is_defined_once_more_is_kept_as_well(control: str) -> None:
    """Its code is the same, and so is what is generated; it speaks of another function."""
    derived = value_and_grad(repeated, control=control)  # type: ignore[call-overload]
    for n in range(1, 9):
        Holder.step = staticmethod(helper(2.0))
        assert_identical(derived(0.5, n), (repeated(0.5, n), 2.0**n))
    assert derived.reasons == ()
