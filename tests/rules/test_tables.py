"""Tables of functions of NumPy and SciPy: what is followed, what is refused, and when a table is read."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from unittest import mock

import numpy as np
import pytest

from s2sad import MissingRule, RuleError, grad
from s2sad.rules import following, late, refusing
from s2sad.rules.following import follow
from s2sad.rules.refusing import refuse

X = np.array([0.3, -1.2, 0.8])


# Followed


def test_what_is_followed_is_differentiated_like_the_users_own_code() -> None:
    slope = grad(lambda x: np.trapezoid(x**2, dx=0.5))
    np.testing.assert_allclose(slope(X), [0.15, -1.2, 0.4], rtol=1e-15)
    assert ".sum(axis=-1)" in slope.source


def test_without_the_line_it_is_refused() -> None:
    with mock.patch.dict(following.FOLLOWED), mock.patch.object(following, "SOURCES", following.SOURCES - {np.trapezoid.__wrapped__}):
        del following.FOLLOWED[np.trapezoid]
        with pytest.raises(MissingRule, match=r"np\.trapezoid"):
            grad(lambda x: np.trapezoid(x**2))(X)


def test_what_is_written_in_c_cannot_be_followed() -> None:
    with pytest.raises(RuleError, match=r"np\.sin is not written in Python, and cannot be followed"):
        follow("np.sin")


def test_an_argument_that_a_rule_lacks_is_followed() -> None:
    """`np.median` has a rule for an axis or none, and NumPy's own code for `overwrite_input`."""
    assert following.source_of(np.median) is not None
    slope = grad(lambda x: np.median(x * 1.0, overwrite_input=True) ** 2)
    np.testing.assert_allclose(slope(X), [0.6, 0.0, 0.0], rtol=1e-15)


def test_a_private_function_and_a_private_class_are_followed() -> None:
    """`svd` calls one that NumPy keeps for itself, and makes a named tuple of what it gives."""
    s = np.diag([2.0, 3.0, 4.0])
    assert grad(lambda a: np.linalg.svd(a, hermitian=True).S[0])(s)[2, 2] == 1.0


# Refused


def test_what_is_refused_says_why_at_the_line() -> None:
    with pytest.raises(MissingRule, match=r"np\.base_repr.*it gives text"):
        grad(lambda x: float(np.base_repr(x)))(2.0)


def test_of_constants_it_is_called_as_it_is() -> None:
    assert grad(lambda x: x * float(np.base_repr(5)))(2.0) == 101.0


def test_names_that_a_version_lacks_are_left_out() -> None:
    with mock.patch.dict(refusing.REFUSED):
        before = len(refusing.REFUSED)
        refuse("np.no_such_function", "np.linalg.no_such_function", why="it is not there")
        assert len(refusing.REFUSED) == before


# Tables that are read late

SCRIPT = """
import sys
import numpy as np
import s2sad
from s2sad import grad
{before}
assert not [name for name in sys.modules if name.startswith("s2sad.rules.scipy.")], "read at once"
{call}
print(sorted(name.removeprefix("s2sad.rules.") for name in sys.modules if name.startswith("s2sad.rules.scipy.")))
"""


def printed(call: str, before: str = "") -> str:
    text = SCRIPT.format(call=call, before=before)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_table_is_read_when_one_of_its_functions_is_met() -> None:
    assert printed("grad(lambda x: x * x)(2.0)", "import scipy.special") == "[]"
    assert printed("grad(scipy.special.gammaln)(2.0)", "import scipy.special").startswith("['scipy.special'")


def test_without_scipy_no_table_of_it_is_asked_for() -> None:
    assert printed("grad(np.sin)(2.0); assert 'scipy' not in sys.modules") == "[]"


def test_no_table_is_read_by_an_import() -> None:
    text = (
        "import sys, s2sad, s2sad.rules; from s2sad.rules import late\n"
        "print(sorted(name for name in late.NAMES if f's2sad.rules.{name}' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("package", late.TABLES)
def test_each_table_is_there(package: str) -> None:
    assert all(f"s2sad.rules.{name}" in sys.modules for name in late.TABLES[package])


def test_a_user_s_rule_of_a_function_of_scipy_stands_beside_the_table() -> None:
    """Registered before the table is read it is told that there is a rule, as after."""
    text = (
        "import scipy.special, s2sad\n"
        "try:\n    s2sad.elementwise('scipy.special.gammaln(x)', x='0.0 * x')\n"
        "except s2sad.RuleError as error:\n    print('has a rule already' in str(error))\n"
    )
    assert subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout == "True\n"


def test_a_function_that_says_it_is_of_a_package_is_none_of_a_table() -> None:
    def odd(x: Any) -> Any:
        return x

    odd.__module__ = "scipy.special"
    assert late.home(odd) == "scipy.special" and not late.load(odd)
