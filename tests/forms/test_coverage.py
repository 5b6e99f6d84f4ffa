"""Every public function of NumPy, and of the modules of SciPy that are covered, is ruled, followed, zero or refused with a reason."""

from __future__ import annotations

import re

import pytest

from s2sad.shown.rule_table import public, row
from tests.forms.test_forms import FORMS

COVERED = ("numpy.fft",)
CALLED = {name for form in FORMS for name in re.findall(r"\b(?:np|scipy|math|cmath)\.[\w.]+", form.call)}


@pytest.mark.parametrize("module", COVERED)
def test_each_function_stands_in_the_table(module: str) -> None:
    assert [name for name, function in public(module) if not row(name, function).kind] == []


@pytest.mark.parametrize("module", COVERED)
def test_each_function_with_a_derivative_has_a_form(module: str) -> None:
    derived = {name for name, function in public(module) if row(name, function).kind not in ("zero", "refused")}
    assert sorted(derived - CALLED) == []
