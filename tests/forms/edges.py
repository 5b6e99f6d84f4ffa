"""What is said of the edges of functions, as lines of data: a call at an edge, and the gradient of its sum there."""

from __future__ import annotations

import contextlib
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, check_grads, value_and_grad
from tests.forms.form import Form, _like, allow_deprecated, form
from tests.oracles import assert_close

INF, NAN = np.inf, np.nan


def at(call: str, edge: dict[str, Any], still: tuple[str, ...] = (), **points: Any) -> Form:
    """A call, its gradients and where it is made; lists stand for arrays."""
    return form(call, edge, still, **{name: np.array(value) if isinstance(value, list) else value for name, value in points.items()})


def each(call: str, names: str, edge: dict[str, Any], **points: Any) -> list[Form]:
    """The same of several functions, whose name stands for `F`."""
    return [at(call.replace("F", name, 1), edge, **points) for name in names.split()]


def check(claim: Form) -> None:
    """The gradient is the one that is stated, and the tape and forward mode have it too."""
    args, argnums = tuple(claim.parameters.values()), tuple(range(len(claim.parameters)))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        allow_deprecated()
        _, gradient = value_and_grad(claim.function, argnums)(*args)
        wanted = tuple(_like(claim.edge[name], arg) for name, arg in zip(claim.parameters, args, strict=True))
        assert_close(gradient, wanted, rtol=1e-9)
        check_grads(claim.function, args, argnums, modes=("compiled", "tape", "forward"))


@contextlib.contextmanager
def refused(text: str) -> Any:
    with np.errstate(all="ignore"), pytest.raises(Exception, match=text):
        yield


def raises(call: str, text: str, **points: Any) -> tuple[Form, str]:
    """A call that has no gradient at a point, and what the exception says."""
    return at(call, {}, **points), text
