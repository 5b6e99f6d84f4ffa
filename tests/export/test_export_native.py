"""Exported modules with native code: what is called from Python, and from other code that Numba compiles."""

from __future__ import annotations

import ctypes
import importlib.util
import math
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2sad import CannotBeNative, grad, native, value_and_grad
from s2sad.export import NotExported, export
from tests.native.plainly import uncompiled_fixture  # noqa: F401

GAIN = 0.25
X = np.array([[0.5, 2.0, 3.0], [1.0, -1.0, 0.25], [2.0, 2.5, -0.5]])


def swept(a: Any, n: int) -> Any:
    a = a.copy()
    for _ in range(n):
        for i in range(1, a.shape[0] - 1):
            a[i, 1] = GAIN * (a[i - 1, 1] + np.maximum(a[i + 1, 1], a[i, 0]))
    return np.sum(a * a)


def shared(x: float, parts: int) -> float:
    for k in range(parts):
        x = x / (parts - k - 1.0)
    return x


def module_of(text: str, folder: Path, name: str) -> Any:
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.sampled(4)
def test_a_module_with_native_code(tmp_path: Path) -> None:
    import numba

    text = export(swept, (X, 2), backend="numba")
    assert "s2sad." not in text.replace("s2sad 0", "") and "@numba.njit(**_NATIVE)\ndef larger(x, y):" in text
    module = module_of(text, tmp_path, "swept_native")
    for a, n in ((X, 2), (np.ones((6, 3)), 5), (np.ones((2, 2)), 0)):
        value, gradient = module.swept_value_and_grad(a, n)
        want = value_and_grad(swept, backend="python")(a, n)
        assert np.isclose(value, want[0], rtol=1e-14) and np.allclose(gradient, want[1], rtol=1e-13)
    assert module.swept_value_and_grad_native.signatures, "it has run"
    native_one = module.swept_value_and_grad_native

    @numba.njit
    def called(a: Any) -> Any:
        return native_one(a, 2, 0.5)[-1]

    module.GAIN = 0.5
    assert np.allclose(called(X), module.swept_value_and_grad(X, 2, GAIN=0.5)[1], rtol=1e-13)
    with pytest.raises(IndexError):
        module.swept_value_and_grad(X[:, :1], 1)
    left = subprocess.run([sys.executable, "swept_native.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert left.returncode == 0 and "self-check passed" in left.stdout


def test_what_native_code_leaves_the_code_in_python_answers(tmp_path: Path) -> None:
    module = module_of(export(shared, (2.0, 0), backend="numba"), tmp_path, "shared_native")
    assert module.shared_value_and_grad(2.0, 0) == (2.0, 1.0)
    with pytest.raises(ZeroDivisionError):
        module.shared_value_and_grad(2.0, 3)


def test_what_cannot_be_native_is_refused_or_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Any, settings: Any) -> Any:
        raise CannotBeNative("it is a test")

    monkeypatch.setattr(native, "native_path", refuse)
    with pytest.raises(CannotBeNative, match="it is a test"):
        export(swept, (X, 2), backend="numba")
    text = export(swept, (X, 2), backend="auto")
    assert "# In Python alone, without native code\n#     test_export_native.py:" in text and "numba" not in text
    with pytest.raises(ValueError, match="backend is one of"):
        export(swept, (X, 2), backend="jax")


def test_the_default_of_the_process_is_not_that_of_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    import s2sad

    with s2sad.backend("numba"):
        assert "numba" not in export(swept, (X, 2))
    assert grad(swept)(X, 0).shape == X.shape


def by_rows(x: Any, w: Any) -> Any:
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            s += math.tanh(x[i, j] * w[j])
        total += s * s / GAIN
    return total


def one_by_one(x: Any, w: Any) -> Any:
    for i in range(1, len(x)):
        x[i] = x[i] + math.sin(x[i - 1, 0]) * w
    return np.sum(x)


@pytest.mark.sampled(2)
def test_a_module_with_loops_over_threads(tmp_path: Path) -> None:
    x, w = np.sin(np.arange(1400.0).reshape(200, 7)), np.cos(np.arange(7.0))
    text = export(by_rows, (x, w), (0, 1), backend="numba", parallel=True, reassociate=True)
    assert "in numba.prange(64):" in text and '"fastmath": {"contract", "reassoc"}' in text and "Loops as they are" not in text
    module = module_of(text, tmp_path, "rows_over_threads")
    module.self_check()
    x = np.concatenate([x] * 20)  # enough to wake threads
    (value, gradients), want = module.by_rows_value_and_grad(x, w), value_and_grad(by_rows, argnums=(0, 1))(x, w)
    assert math.isclose(value, want[0], rel_tol=1e-13)
    assert all(np.allclose(g, v, rtol=1e-12, atol=1e-12) for g, v in zip(gradients, want[1], strict=True))
    assert module.by_rows_value_and_grad_native.signatures and "njit(**_THREADED)\ndef by_rows_value_and_grad_native(" in text
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(module.by_rows_value_and_grad(x, w))) for _ in range(4)]
    for act in (threading.Thread.start, threading.Thread.join):
        [act(thread) for thread in threads]
    assert [again[0] for again in found] == [value] * 4, "one call at a time, with the same number in each"
    module.GAIN = 0.0
    with pytest.raises(ZeroDivisionError):
        module.by_rows_value_and_grad(x, w, GAIN=0.0)


def test_a_module_says_which_loops_are_not_over_threads(uncompiled: None) -> None:
    text = export(one_by_one, (X, 0.5), backend="numba", parallel=True)
    assert "# Loops as they are\n#     test_export_native.py:" in text and ": not over threads: " in text
    plain = export(one_by_one, (X, 0.5), backend="numba")
    assert "Loops as they are" not in plain and "threading" not in plain and "{\"contract\"}" in plain


@pytest.mark.parametrize("option", ["parallel", "reassociate"])
def test_what_is_for_native_code_alone(option: str) -> None:
    with pytest.raises(ValueError, match=f'{option}=True is for native code: add backend="numba"'):
        export(swept, (X, 2), **{option: True})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=f"{option} is True or False, not 2"):
        export(swept, (X, 2), backend="numba", **{option: 2})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="functions for C have no loops over threads"):
        export(cubed, (1.0,), backend="numba", parallel=True, cfunc=True)


def damped(x: float, steps: int, rate: float) -> float:
    """Leaves native code where the rate is 0."""
    for _ in range(steps):
        x = x - GAIN * math.sin(x) / rate
    return x


@pytest.mark.sampled(2)
def test_functions_for_c_that_solvers_of_scipy_call(tmp_path: Path) -> None:
    import scipy.integrate

    module = module_of(export(damped, (1.0, 3, 2.0), argnums=(0, 2), backend="numba", cfunc=True), tmp_path, "damped_for_c")
    for name, part in (("damped_value_cfunc", lambda v: v[0]), ("damped_gradient_cfunc_x", lambda v: v[1][0]),
                       ("damped_gradient_cfunc_rate", lambda v: v[1][1])):  # fmt: skip
        for_c = scipy.LowLevelCallable(getattr(module, name).ctypes)
        found, _ = scipy.integrate.quad(for_c, 0.5, 1.5, args=(4, 2.0))
        want, _ = scipy.integrate.quad(lambda x, p=part: p(module.damped_value_and_grad(x, 4, 2.0)), 0.5, 1.5)
        assert abs(found - want) < 1e-12
        left = getattr(module, name).ctypes(3, (ctypes.c_double * 3)(0.5, 4.0, 0.0))
        assert math.isnan(left), "where Python would raise"
    alone = module_of(export(cubed, (1.0,), backend="numba", cfunc=True), tmp_path, "one_for_c")
    for_c = scipy.LowLevelCallable(alone.cubed_gradient_cfunc.ctypes)
    assert for_c.signature == "double (double)" and abs(scipy.integrate.quad(for_c, 0.0, 2.0)[0] - 8.0) < 1e-12


def cubed(x: float) -> float:
    return x * x * x


def test_what_is_no_function_for_c() -> None:
    with pytest.raises(NotExported, match=r"swept\(\) cannot be called from C: its arguments are not numbers alone"):
        export(swept, (X, 2), backend="numba", cfunc=True)
    with pytest.raises(ValueError, match='add backend="numba"'):
        export(cubed, (1.0,), cfunc=True)
