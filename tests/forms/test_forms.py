"""Each form in which a function of NumPy or SciPy is called: against differences, in single precision, twice, in a kept loop, forward."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import tests.forms
from tests.forms.form import Form, check

DATA = [found.name for found in pkgutil.iter_modules(tests.forms.__path__) if found.name.startswith(("numpy", "scipy", "math"))]
FORMS = [form for name in DATA for form in importlib.import_module(f"tests.forms.{name}").FORMS]


@pytest.mark.sampled(24)
@pytest.mark.long(3)
@pytest.mark.parametrize("form", FORMS, ids=[f.call for f in FORMS])
def test_form(form: Form) -> None:
    check(form)
