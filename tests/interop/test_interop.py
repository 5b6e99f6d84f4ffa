"""The bridges are loaded when they are asked for, and say what they need."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from s2sad import interop


@pytest.mark.parametrize("library, name", [("torch", "PyTorch"), ("jax", "JAX")])
def test_a_library_that_is_missing_is_named(library: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"s2sad.interop.{library}", raising=False)
    with pytest.raises(ModuleNotFoundError, match=rf"needs {name}: pip install 's2sad\[{library}\]'"):
        importlib.import_module(f"s2sad.interop.{library}")


def test_no_bridge_is_loaded_unasked() -> None:
    code = "import s2sad.interop, sys; assert not {'jax', 'torch'} & {*sys.modules}; s2sad.interop.jax; assert 'jax' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_there_is_no_other() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tensorflow'; it has jax, torch"):
        interop.tensorflow  # noqa: B018
    assert {"jax", "torch"} <= {*dir(interop)}
