"""The generated text depends on the function and the arguments alone: not on the order in which sets are walked."""
from __future__ import annotations

import builtins
from typing import Any

import pytest

from s2sad import value_and_grad
from s2sad.errors import S2sadError
from s2sad.ir.program import Var
from tests.programs import Program, load

CHOSEN = ("arrays_kernels_grids.", "arrays_kernels_signals.", "kept_writes.", "control_flow.")
PROGRAMS = [p for p in load() if p.name.startswith(CHOSEN)][::3]
LORENZ = next(p for p in load() if p.name == "arrays_kernels_grids.lorenz_by_runge_kutta_with_k_buffers")  # many reads before one write


def text(program: Program, control: str) -> str:
    derivative = value_and_grad(program.function, argnums=program.argnums, control=control)
    try:
        return str(derivative.stages(*program.calls[0])["code"].source)
    except S2sadError as error:
        return error.reason


@pytest.mark.sampled(8)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("program", [LORENZ, *(p for p in PROGRAMS if p is not LORENZ)], ids=lambda p: p.name)
def test_the_text_does_not_depend_on_hashes(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    for control in ("record", "keep"):
        texts = set()
        for seed in range(4):
            monkeypatch.setattr(Var, "__hash__", lambda var, seed=seed: hash((var.number, seed)))
            texts.add(text(program, control))
        assert len(texts) == 1


def test_the_text_in_a_prompt_is_that_of_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: Any) -> Any:
        _ = x + 0.5
        return _ * _

    monkeypatch.delattr(builtins, "_", raising=False)
    without = value_and_grad(f)
    without(2.0)
    monkeypatch.setattr(builtins, "_", 7.0, raising=False)  # as a prompt remembers what it has shown
    within = value_and_grad(f)
    assert within(2.0) == (6.25, 5.0)
    assert within.source == without.source
