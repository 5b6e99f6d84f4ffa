"""Every public function of NumPy, and of the modules of SciPy that are covered, is ruled, followed, zero or refused with a reason."""

from __future__ import annotations

import pytest

from s2sad.rules import late
from s2sad.rules.language import BY_NAME
from s2sad.shown import rule_table
from s2sad.shown.rule_table import public, row
from tests.forms import checked
from tests.forms.test_forms import FORMS
from tests.rules.tangents import NAMES

COVERED = (
    "cmath",
    "math",
    "numpy",
    "numpy.fft",
    "numpy.lib.stride_tricks",
    "numpy.linalg",
    "numpy.polynomial",
    "scipy.fft",
    "scipy.integrate",
    "scipy.interpolate",
    "scipy.linalg",
    "scipy.ndimage",
    "scipy.optimize",
    "scipy.signal",
    "scipy.sparse",
    "scipy.sparse.linalg",
    "scipy.spatial",
    "scipy.spatial.distance",
    "scipy.spatial.transform",
    "scipy.special",
    "scipy.stats",
)
SETTINGS = {"np.errstate", "np.set_printoptions", "np.setbufsize", "np.seterr", "np.seterrcall", "np.row_stack"}  # or gone in NumPy 2.5
CALLED = {name for form in FORMS for name, _ in checked.called(form)} | set(NAMES)
CALLED |= {name.rpartition(".")[0] for name in CALLED}  # objects, whose methods are called


@pytest.mark.parametrize("module", COVERED)
def test_each_function_stands_in_the_table(module: str) -> None:
    assert [name for name, function in public(module) if not row(name, function).kind] == []


@pytest.mark.parametrize("module", COVERED)
def test_each_function_with_a_derivative_has_a_form(module: str) -> None:
    found = public(module)
    called = {id(function) for name, function in found if name in CALLED}  # by one of its names
    derived = {name for name, function in found if row(name, function).kind not in ("zero", "refused") and id(function) not in called}
    assert sorted(derived - SETTINGS) == []


def test_each_rule_of_a_table_that_is_read_late_has_a_form() -> None:
    here = {name for name, p in BY_NAME.items() if p.pullbacks and p.location.module.removeprefix("s2sad.rules.") in late.NAMES}
    assert sorted(name for name in here - CALLED if name.partition(".")[0] in ("np", "scipy", "math", "cmath")) == []


def test_what_is_checked_is_what_the_table_says() -> None:
    """`python -m tests.forms.checked` writes it."""
    assert rule_table.checked() == checked.merged()
