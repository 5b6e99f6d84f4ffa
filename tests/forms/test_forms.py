"""Each form in which a function of NumPy or SciPy is called: against differences, in single precision, twice, in a kept loop, forward."""

from __future__ import annotations

import pytest

from tests.forms import numpy_fft, numpy_followed, scipy_special
from tests.forms.form import Form, check

FORMS = [form for data in (numpy_fft, numpy_followed, scipy_special) for form in data.FORMS]


@pytest.mark.parametrize("form", FORMS, ids=[f.call for f in FORMS])
def test_form(form: Form) -> None:
    check(form)
