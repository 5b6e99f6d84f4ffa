"""What is misspelt, or known by another name elsewhere, is answered by the name that it has here."""
from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import elementwise_grad, elsewhere, grad, tape, value_and_grad, vjp
from tests.oracles import agrees


def f(x, y):
    return x * y * y


@pytest.mark.parametrize("given, meant", [
    ("argnum", "argnums"), ("arg_nums", "argnums"), ("argnames", "argnums"), ("has_auxiliary", "has_aux"), ("aux", "has_aux"),
    ("fun", "function"), ("func", "function"), ("controls", "control"),
])  # fmt: skip
def test_a_keyword_that_is_not_there_names_the_one_that_is_meant(given: str, meant: str) -> None:
    for transform in (grad, value_and_grad):
        with pytest.raises(TypeError, match=rf"^{transform.__name__}\(\) has no keyword '{given}'; did you mean '{meant}'\?$"):
            transform(f, **{given: 1})


def test_keywords_of_other_tools_and_of_nobody() -> None:
    with pytest.raises(TypeError, match=r"grad\(\) has no keyword 'holomorphic': it takes complex arguments as they are"):
        grad(f, holomorphic=True)
    with pytest.raises(TypeError, match=r"elementwise_grad\(\) has no keyword 'zzz'; there are function, argnums, order, control, b"):
        elementwise_grad(f, zzz=1)
    with pytest.raises(TypeError, match="did you mean 'argnums'"):

        @grad(argnum=1)
        def decorated(x, y):
            return x * y


def test_a_keyword_of_vjp_is_told_from_those_of_the_function() -> None:
    with pytest.raises(TypeError, match=r"vjp\(\) has no keyword 'argnum'; did you mean 'argnums'\?"):
        vjp(f, 1.0, 2.0, argnum=1)
    with pytest.raises(TypeError, match=r"f\(\) got an unexpected keyword argument 'rate'"):
        vjp(f, 1.0, rate=2.0)
    assert vjp(lambda x, argnum: x * argnum, 2.0, argnum=3.0)[1](1.0) == (3.0,)
    assert vjp(lambda x, **named: x * named["argnum"], 2.0, argnum=3.0)[1](1.0) == (3.0,)


def test_what_belongs_to_the_derivative_is_not_taken_for_a_choice() -> None:
    for attempt in (lambda: grad(f, 1, 2.0), lambda: value_and_grad(f, 0, np.ones(2))):
        with pytest.raises(TypeError, match=r"has_aux is True or False, not .*grad\(f\)\(x, y\)"):
            attempt()
    for value in (3.0, np.ones(2), [1.0]):
        with pytest.raises(TypeError, match=r"is not callable: pass the function.*grad\(f\)\(x\), not grad\(f\(x\)\)"):
            grad(value)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["jacobian", "jacfwd", "jacrev", "value_and_jacobian", "hessian", "sparsity", "hvp", "vhp", "compiled"])
def test_transforms_of_a_function_take_no_arguments_of_it(name: str) -> None:
    transform = getattr(s2sad, name)
    with pytest.raises(TypeError, match=rf"^{name}\(\) is given a function, .*: {name}\(f\)\(\.\.\.\), not {name}\(f, \.\.\.\)$"):
        transform(f, 0, True, np.ones(2))
    given, meant = ("argnum", "argnums") if name not in ("hvp", "vhp", "compiled") else ("controls", "control")
    with pytest.raises(TypeError, match=rf"^{name}\(\) has no keyword '{given}'; did you mean '{meant}'\?$"):
        transform(f, **{given: 0})


@pytest.mark.parametrize("given", [(), (1.0, 2.0)])
def test_a_pullback_takes_one_cotangent(given: tuple[float, ...]) -> None:
    with pytest.raises(TypeError, match=rf"the pullback of f\(\) takes one cotangent, of the structure of the value, not {len(given)}"):
        vjp(f, 1.0, 2.0)[1](*given)


def test_a_call_without_the_argument_names_the_function() -> None:
    for derivative in (grad(f, 2), s2sad.hessian(f, 2)):
        with pytest.raises(s2sad.NotDifferentiable, match=r"argnums=2, but f\(\) is called with 2 positional arguments"):
            derivative(1.0, 2.0)


@pytest.mark.parametrize("control", ["record", "keep"])
def test_choices_that_stand_first_may_be_variables_of_a_function(control: str) -> None:
    def g(x, n):
        return grad(f, n)(x, x) + grad(f, (0, n))(x, 3.0)[1]

    derivative = value_and_grad(g, control=control)
    for n in (0, 1):
        agrees(derivative, g, 2.0, n)
    assert tape.gradient(g, (2.0, 1)) == (20.0, 14.0)  # 2 x^2 + 6 x


# Names


@pytest.mark.parametrize("name, said", [
    ("vmap", "leading axis"), ("make_vjp", r"s2sad\.vjp"), ("lax", "loops and conditions in Python"), ("jit", "compiled at its first call"),
    ("numpy", "import NumPy itself"), ("egrad", r"s2sad\.elementwise_grad"), ("grad_and_aux", "has_aux=True"),
    ("scipy", "import SciPy itself"), ("make_hvp", r"s2sad\.hvp"), ("make_ggnvp", r"s2sad\.vjp after one another"),
    ("custom_root", r"s2sad\.implicit"), ("no_grad", r"s2sad\.stop_gradient"), ("Tracer", "plain numbers and arrays"),
    ("value_and_gard", r"did you mean 'value_and_grad'\?"),
])  # fmt: skip
def test_a_name_of_another_tool_says_what_to_use(name: str, said: str) -> None:
    with pytest.raises(AttributeError, match=f"module 's2sad' has no attribute '{name}': .*{said}"):
        getattr(s2sad, name)
    with pytest.raises(ImportError, match=f"cannot import name '{name}' from 's2sad': .*{said}"):
        exec(f"from s2sad import {name}")
    assert not hasattr(s2sad, name)


@pytest.mark.parametrize("statement", [
    "import s2sad.{}", "import s2sad.{} as np", "from s2sad.{} import sin", "import s2sad.{}.linalg", "from s2sad import {} as np",
])  # fmt: skip
@pytest.mark.parametrize("module, said", [("numpy", "import NumPy itself"), ("scipy", "import SciPy itself")])
def test_no_numpy_of_its_own(statement: str, module: str, said: str) -> None:
    for _ in range(2):
        with pytest.raises(ImportError, match=rf"s2sad\b.*'?: {said}"):
            exec(statement.format(module))
    assert not hasattr(s2sad, module)


def test_the_product_that_is_recommended() -> None:
    """That of a Gauss-Newton matrix: J' H J v."""
    x, v = np.array([0.3, -0.7]), np.array([1.0, 2.0])

    def inner(x):
        return np.array([x[0] * x[1], np.sin(x[0]), x[1] ** 3])

    def outer(y):
        return np.sum(y**4)

    y_dot = s2sad.jvp(inner, (x,), (v,))[1]
    found = vjp(inner, x)[1](s2sad.hvp(outer)(inner(x), y_dot))[0]
    jacobian, hessian = s2sad.jacobian(inner)(x), s2sad.hessian(outer)(inner(x))
    np.testing.assert_allclose(found, jacobian.T @ hessian @ jacobian @ v, rtol=1e-13)


def test_a_name_of_nobody_is_missing_as_ever() -> None:
    with pytest.raises(AttributeError, match=r"^module 's2sad' has no attribute 'qqq'$"):
        s2sad.qqq  # noqa: B018
    with pytest.raises(ImportError, match=r"^cannot import name 'qqq' from 's2sad'$"):
        exec("from s2sad import qqq")


def test_what_is_said_of_names_is_true() -> None:
    """What is recommended is there, and what is said to be missing is not."""
    recommended = {name for said in elsewhere.INSTEAD for name in re.findall(r"s2sad\.(\w+)", said)}
    assert recommended and recommended <= {*s2sad.__all__}
    assert not {*elsewhere.SAID} & {*s2sad.__all__}
    every: list[Any] = [name for names in elsewhere.INSTEAD.values() for name in names]
    assert len(every) == len({*every})
    assert elsewhere.KEYWORDS.keys().isdisjoint({"function", "argnums", "has_aux", "control"})
