"""Helpers, methods, classes, modules and builtins may be replaced between two calls: a path sees it."""

from __future__ import annotations

import builtins
import functools
import math
import sys
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import Config, agrees, module

THIS = sys.modules[__name__]
TABLE: Any = {}


@pytest.fixture(autouse=True)
def _restore_globals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(THIS, "TABLE", {})


def test_a_helper_is_redefined_and_its_globals_change() -> None:
    made = module(
        "K = 2.0\ndef inner(x):\n    return K * x\ndef helper(x):\n    return inner(x) + 1.0\n"
        "def f(x):\n    return helper(x) * x\n"
    )
    derivative = value_and_grad(made.f)
    assert agrees(derivative, made.f, 1.0) == 5.0
    made.K = 3.0
    assert agrees(derivative, made.f, 1.0) == 7.0
    made.inner = lambda x: x * x
    assert agrees(derivative, made.f, 1.0) == 4.0
    made.helper = math.sin
    agrees(derivative, made.f, 1.0)
    made.helper = module("K = 7.0\ndef helper(x):\n    return K * x\n").helper
    assert agrees(derivative, made.f, 1.0) == 14.0
    made.helper = 3
    with pytest.raises(TypeError, match="not callable"):
        derivative(1.0)


def test_a_helper_whose_code_is_replaced_in_place() -> None:
    """What an automatic reload of edited modules does."""
    made = module("def helper(x):\n    return 2.0 * x\n\ndef f(x):\n    return helper(x)\n")
    derivative = value_and_grad(made.f)
    assert agrees(derivative, made.f, 1.0) == 2.0
    made.helper.__code__ = module("def helper(x):\n    return 3.0 * x\n").helper.__code__
    assert agrees(derivative, made.f, 1.0) == 3.0
    made.f.__code__ = module("def f(x):\n    return helper(x) * 2.0\n").f.__code__
    assert agrees(derivative, made.f, 1.0) == 6.0


def test_class_attributes_and_methods_are_redefined() -> None:
    class Base:
        k = 2.0

        def apply(self, x):
            return self.k * x

        @classmethod
        def shift(cls, x):
            return x + cls.k

        @staticmethod
        def twice(x):
            return 2.0 * x

    class Derived(Base):
        pass

    def f(x):
        model = Derived()
        return model.apply(x) + model.shift(x) * x + model.twice(x) + Derived.twice(x)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 10.0
    Base.k = 3.0
    assert agrees(derivative, f, 1.0) == 12.0
    Derived.k = 1.0
    assert agrees(derivative, f, 1.0) == 8.0
    Base.twice = staticmethod(lambda x: 3.0 * x)
    assert agrees(derivative, f, 1.0) == 10.0
    Derived.apply = lambda self, x: x * x
    assert agrees(derivative, f, 1.0) == 11.0
    Derived.shift = classmethod(lambda cls, x: x)
    assert agrees(derivative, f, 1.0) == 10.0
    Derived.__init__ = lambda self: setattr(self, "apply", lambda x: 0.0 * x)
    assert agrees(derivative, f, 1.0) == 8.0


def test_methods_of_a_captured_instance_are_redefined() -> None:
    class Model:
        def apply(self, x):
            return 2.0 * x

        def __call__(self, x):
            return self.apply(x)

        def __mul__(self, x):
            return 5.0 * x

        def __getitem__(self, i):
            return 7.0 + i

        def __len__(self):
            return 2

        def __float__(self):
            return 1.0

    model = Model()

    def f(x):
        return model(x) + model * x + model[0] * x + len(model) * x + float(model) * x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 17.0
    Model.apply = lambda self, x: 3.0 * x
    assert agrees(derivative, f, 1.0) == 18.0
    model.apply = lambda x: 4.0 * x
    assert agrees(derivative, f, 1.0) == 19.0
    Model.__mul__ = lambda self, x: x * x
    assert agrees(derivative, f, 1.0) == 16.0
    Model.__getitem__ = lambda self, i: 0.0
    assert agrees(derivative, f, 1.0) == 9.0
    Model.__len__ = lambda self: 1
    assert agrees(derivative, f, 1.0) == 8.0
    Model.__float__ = lambda self: 3.0
    assert agrees(derivative, f, 1.0) == 10.0
    Model.__call__ = lambda self, x: 0.0 * x
    assert agrees(derivative, f, 1.0) == 6.0


def test_a_base_class_is_replaced() -> None:
    class One:
        def apply(self, x):
            return x

    class Two:
        def apply(self, x):
            return 2.0 * x

    class Model(One):
        def run(self, x):
            return super().apply(x)

    model = Model()

    def f(x):
        return model.apply(x) + model.run(x)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 2.0
    Model.__bases__ = (Two,)
    assert agrees(derivative, f, 1.0) == 4.0
    Two.apply = lambda self, x: 3.0 * x
    assert agrees(derivative, f, 1.0) == 6.0


@pytest.mark.parametrize(
    "how", ["method of the instance", "the instance itself", "method in a global", "partial", "method in a list"]
)
def test_the_state_of_an_instance_that_is_differentiated(how: str) -> None:
    class Model:
        def __init__(self):
            self.k, self.items = 2.0, [1.0]

        def loss(self, x):
            return self.k * x + self.items[0] * x

        def __call__(self, x):
            return self.loss(x)

    model = Model()
    TABLE["loss"], TABLE["list"] = model.loss, [model.loss]

    def by_global(x):
        return TABLE["loss"](x)

    def by_list(x):
        return TABLE["list"][0](x)

    functions: dict[str, Any] = {
        "method of the instance": model.loss, "the instance itself": model, "method in a global": by_global,
        "partial": functools.partial(Model.loss, model), "method in a list": by_list,
    }  # fmt: skip
    function = functions[how]
    derivative = value_and_grad(function)
    assert agrees(derivative, function, 1.0) == 3.0
    model.k = 3.0
    assert agrees(derivative, function, 1.0) == 4.0
    model.items[0] = 5.0
    assert agrees(derivative, function, 1.0) == 8.0
    model.items = [0.0, 1.0]
    assert agrees(derivative, function, 1.0) == 3.0
    model.k = np.arange(1)[0]
    assert agrees(derivative, function, 1.0) == 0.0
    model.k = 1.0
    model.loss = lambda x: 9.0 * x  # type: ignore[method-assign]
    agrees(derivative, function, 1.0)


def test_the_arguments_of_a_captured_partial_change() -> None:
    weights, factors = np.ones(2), [2.0]
    bound = functools.partial(lambda w, k, x: np.sum(w) * k[0] * x, weights, factors)

    def f(x):
        return bound(x)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 4.0
    factors[0] = 3.0
    assert agrees(derivative, f, 1.0) == 6.0
    weights[0] = 5.0
    assert agrees(derivative, f, 1.0) == 18.0
    bound = functools.partial(bound.func, np.ones(3), factors)
    assert agrees(derivative, f, 1.0) == 9.0


def test_attributes_of_a_function() -> None:
    made = module(
        "def helper(x):\n    return helper.k * x\nhelper.k = 2.0\n"
        "def f(x):\n    return helper(x) + helper.k * x\n"
    )
    derivative = value_and_grad(made.f)
    assert agrees(derivative, made.f, 1.0) == 4.0
    made.helper.k = 3.0
    assert agrees(derivative, made.f, 1.0) == 6.0
    made.helper.k = None
    with pytest.raises(TypeError):
        derivative(1.0)


def test_attributes_of_a_module() -> None:
    settings = module("k = 2.0\nclass Deep:\n    k = 3.0\ndef helper(x):\n    return k * x\n")

    def f(x):
        return settings.k * x + settings.Deep.k * x + settings.helper(x)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 7.0
    settings.k = 3.0
    assert agrees(derivative, f, 1.0) == 9.0
    settings.Deep.k = 0
    assert agrees(derivative, f, 1.0) == 6.0
    settings.helper = math.exp
    agrees(derivative, f, 1.0)
    settings.Deep = Config(k=10.0)
    agrees(derivative, f, 1.0)


def test_a_builtin_is_shadowed_by_a_new_global_and_back() -> None:
    made = module("def f(x):\n    return abs(x) + max(x, 0.5) + sum([x, x])\n")
    derivative = value_and_grad(made.f)
    assert agrees(derivative, made.f, 1.0) == 4.0
    made.abs = lambda x: 10.0 * x
    assert agrees(derivative, made.f, 1.0) == 13.0
    made.sum = lambda items: 0.0
    assert agrees(derivative, made.f, 1.0) == 11.0
    del made.abs, made.sum
    assert agrees(derivative, made.f, 1.0) == 4.0


def test_a_builtin_is_replaced_for_everyone(monkeypatch: pytest.MonkeyPatch) -> None:
    made = module("def f(x):\n    return extra(x) if x > 0 else x\n")
    derivative = value_and_grad(made.f)
    assert agrees(derivative, made.f, -1.0) == 1.0
    with pytest.raises(NameError, match="extra"):
        derivative(1.0)
    monkeypatch.setattr(builtins, "extra", lambda x: 2.0 * x, raising=False)
    assert agrees(derivative, made.f, 1.0) == 2.0
    monkeypatch.setattr(builtins, "extra", lambda x: 3.0 * x)
    assert agrees(derivative, made.f, 1.0) == 3.0


def test_a_library_name_is_rebound_in_the_users_module() -> None:
    made = module("import math\nimport numpy as np\ndef f(x):\n    return math.sin(x) + np.exp(x)\n")
    derivative = value_and_grad(made.f)
    agrees(derivative, made.f, 1.0)
    made.math = Config(sin=lambda x: 2.0 * x)
    agrees(derivative, made.f, 1.0)
    made.np = math
    assert agrees(derivative, made.f, 0.0) == 3.0


def test_items_that_compare_equal_stay_in_their_order_also_from_the_largest_on() -> None:
    def f(x: float) -> float:
        items = sorted([(1, x), (2, 3.0 * x), (1, 2.0 * x)], key=lambda pair: pair[0], reverse=True)
        return sum(v * 10.0**k for k, (_, v) in enumerate(items))

    assert value_and_grad(f)(2.0) == (426.0, 213.0)
