"""The tape: the article's listing, second order, arrays and object arrays, and functions lowered for it."""
from __future__ import annotations

import copy
import math
import random
import threading
from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from s2sad import tape
from s2sad.api import elementwise_grad, grad, value_and_grad
from s2sad.errors import MissingRule, NotDifferentiable, RuleError, UnsupportedMutation
from s2sad.rules.language import BY_FUNCTION, BY_NAME, elementwise, rule
from s2sad.runtime.strong import strong_product
from s2sad.tape import TapeEntry, Variable
from s2sad.tape.machine import current
from tests import corpus
from tests.corpus import answers

LISTING = """\
v-1 = 2.000
v0 = 1.000
v1 = log(v-1) = 0.693
v2 = sin(v0) = 0.841
v3 = v-1 * v2 = 1.683
v4 = v1 + v3 = 2.376
dv4 ------------------------
v6 = v5 * v2 = 0.841
v7 = v5 * v-1 = 2.000
v8 = cos(v0) = 0.540
v9 = v7 * v8 = 1.081
v10 = 1.0 / v-1 = 0.500
v11 = v5 * v10 = 0.500
v12 = v6 + v11 = 1.341
dv4_dv4 = v5
dv4_dv1 = v5
dv4_dv3 = v5
dv4_dv-1 = v12
dv4_dv2 = v7
dv4_dv0 = v9
------------------------
"""


@pytest.fixture(autouse=True)
def fresh_tape() -> Any:
    tape.reset_tape()
    yield
    tape.set_verbose(False)
    tape.reset_tape()


def slopes(value: Any, *variables: Variable) -> list[Any]:
    return [g if g is None else g.value for g in tape.grad(value, list(variables))]


# ---------------------------------------------------------------------------- the article


def test_the_articles_listing(capsys: pytest.CaptureFixture[str]) -> None:
    tape.set_verbose(True)
    x1, x2 = Variable(2.0), Variable(1.0)
    dx1, dx2 = tape.grad(tape.ln(x1) + x1 * tape.sin(x2), [x1, x2])
    assert capsys.readouterr().out == LISTING
    assert (dx1.value, dx2.value) == (1.3414709848078965, 1.0806046117362795)
    assert type(dx1.value) is float


def test_verbose_lines_of_other_operations(capsys: pytest.CaptureFixture[str]) -> None:
    tape.set_verbose(True)
    x = Variable(np.array([1.0, 4.0]))
    y = np.sum(-x / 2.0, axis=0) + tape.inv(x[1]) - 3.0 ** np.reshape(x, (1, 2))[0, 0]
    assert y.value == -2.5 + 0.25 - 3.0
    assert capsys.readouterr().out.splitlines() == [
        "v-1 = [1.000, 4.000]",
        "v0 = -v-1 = [-1.000, -4.000]",
        "v1 = v0 / 2.0 = [-0.500, -2.000]",
        "v2 = sum(v1, axis=0) = -2.500",
        "v3 = v-1[1] = 4.000",
        "v4 = 1.0 / v3 = 0.250",
        "v5 = v2 + v4 = -2.250",
        "v6 = reshape(v-1, (1, 2)) = [[1.000, 4.000]]",
        "v7 = v6[0, 0] = 1.000",
        "v8 = 3.0 ** v7 = 3.000",
        "v9 = v5 - v8 = -5.250",
    ]
    np.zeros(100) + Variable(np.zeros(100))
    Variable(1.0 + 2.0j)
    assert capsys.readouterr().out.splitlines()[-1] == "v12 = 1.000+2.000j"


def test_a_variable_that_never_reached_the_result_has_no_gradient() -> None:
    x, y = Variable(2.0), Variable(3.0)
    tape.exp(y)
    assert slopes(x * x, x, y) == [4.0, None]
    assert tape.grad(5.0, [x, y]) == [None, None]


def test_dead_entries_are_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    x = Variable(2.0)
    tape.sin(x)
    result = x * 3.0
    called = []
    current().tape.entries.append(TapeEntry((x.name,), ("nowhere",), lambda *a, **k: called.append(a), lambda *a, **k: called.append(a)))
    tape.set_verbose(True)
    assert slopes(result, x) == [3.0]
    assert not called
    assert "cos" not in capsys.readouterr().out


def test_entries_name_their_inputs_and_outputs_and_propagate() -> None:
    x, y = Variable(2.0), Variable(5.0)
    z = x * y
    (entry,) = current().tape.entries
    assert (entry.inputs, entry.outputs) == ((x.name, y.name), (z.name,))
    assert [c.value for c in entry.propagate([Variable(3.0)])] == [15.0, 6.0]


def test_contributions_are_summed_per_name() -> None:
    x = Variable(3.0)
    assert slopes(x * x * x + x, x) == [28.0]


def test_reset_restarts_the_names_and_separates_the_tapes() -> None:
    old = Variable(1.0)
    square = old * old
    tape.reset_tape()
    new = Variable(2.0)
    assert (old.name, new.name) == ("v-1", "v-1")
    with pytest.raises(NotDifferentiable, match="reset"):
        old * new
    with pytest.raises(NotDifferentiable, match="reset"):
        tape.grad(square, [new])
    assert slopes(square, old) == [2.0]
    assert slopes(new * new, new) == [4.0]


def test_names_are_unique() -> None:
    x = Variable(1.0, name="v0")
    assert [Variable(1.0).name, Variable(1.0).name] == ["v-1", "v1"]
    assert slopes(x * x, x) == [2.0]
    with pytest.raises(ValueError, match="taken"):
        Variable(1.0, name="v0")


def test_threads_have_tapes_of_their_own() -> None:
    x = Variable(1.0)
    names: list[str] = []
    thread = threading.Thread(target=lambda: names.append(Variable(1.0).name))
    thread.start()
    thread.join()
    assert names == [x.name]


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_adjoints_can_be_differentiated_again(order: int) -> None:
    x = Variable(0.7)
    value = tape.exp(x) * tape.sin(x)
    for _ in range(order):
        (value,) = tape.grad(value, [x])
    s, c = math.sin(0.7), math.cos(0.7)
    expected = [s + c, 2 * c, 2 * (c - s), -4 * s][order - 1]
    assert value.value == pytest.approx(math.exp(0.7) * expected, rel=1e-14)


def test_mixed_second_derivatives() -> None:
    x, y = Variable(0.5), Variable(1.5)
    dx, dy = tape.grad(tape.sin(x * y) + x * x * y, [x, y])
    (dxy,) = slopes(dx, y)
    (dyx,) = slopes(dy, x)
    assert dxy == pytest.approx(math.cos(0.75) - 0.75 * math.sin(0.75) + 1.0, rel=1e-15)
    assert dyx == pytest.approx(dxy, rel=1e-15)


def test_the_functions_of_the_article_take_numbers_and_arrays_too() -> None:
    assert (tape.ln(1.0), tape.exp(0.0), tape.inv(4.0), tape.cos(0.0), tape.sin(0.0)) == (0.0, 1.0, 0.25, 1.0, 0.0)
    x = Variable(np.array([1.0, 2.0]))
    (found,) = slopes(np.sum(tape.ln(x) + tape.cos(x)), x)
    np.testing.assert_allclose(found, 1 / x.value - np.sin(x.value), rtol=1e-15)


# ---------------------------------------------------------------------------- arrays and object arrays


def test_whole_arrays() -> None:
    w, b = Variable(np.array([[1.0, -2.0], [0.5, 3.0]])), Variable(np.array([0.1, 0.2]))
    x = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    loss = np.mean((x @ w + b) ** 2)
    dw, db = slopes(loss, w, b)
    residual = x @ w.value + b.value
    np.testing.assert_allclose(dw, x.T @ residual / 3, rtol=1e-14)
    np.testing.assert_allclose(db, residual.sum(axis=0) / 3, rtol=1e-14)
    assert dw.shape == w.value.shape


def test_a_variable_keeps_the_array_it_was_made_from() -> None:
    array = np.array([1.0, 2.0])
    x = Variable(array)
    y = np.sum(x * x)
    array[:] = 100.0
    assert slopes(y, x)[0].tolist() == [2.0, 4.0]


def test_object_arrays_of_variables() -> None:
    data = np.array([0.5, -1.5, 2.0])
    x = np.vectorize(Variable)(data)
    assert x.dtype == object and all(isinstance(v, Variable) for v in x)
    matrix = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    value = np.sum(np.matmul(matrix, x) ** 2) + np.sum(np.sin(x) * 2.0) + np.mean(x)
    expected = 2 * matrix.T @ (matrix @ data) + 2 * np.cos(data) + 1 / 3
    np.testing.assert_allclose(slopes(value, *x), expected, rtol=1e-14)


def test_an_object_array_meets_a_variable() -> None:
    x = np.vectorize(Variable)(np.array([1.0, 2.0]))
    k = Variable(3.0)
    assert slopes(np.sum(k * x + x * k), k, *x) == [6.0, 6.0, 6.0]
    assert slopes(np.sum(np.add(x, k)), k) == [2.0]


@pytest.mark.sampled(4)
def test_linear_regression_on_object_arrays() -> None:
    np.random.seed(1)
    x = np.random.random(50)
    y = x + np.random.normal(0, 0.05, 50) + 1
    weights = np.random.normal(0, 1, 2)
    design = np.stack([x, np.ones(50)], axis=1)
    for step in range(50):
        tape.reset_tape()
        w = np.vectorize(Variable)(weights)
        loss = 1 / (2 * 50) * np.sum((np.matmul(design, w) - y) ** 2)
        if step == 0:
            assert loss.value == pytest.approx(0.5094066721684652, rel=1e-14)
        weights = weights - 0.5 * np.array(slopes(loss, *w))
    assert loss.value == pytest.approx(0.0012174249312418, rel=1e-12)
    assert weights == pytest.approx([0.95191171, 1.03122979], abs=5e-9)


def test_results_with_several_parts() -> None:
    x = Variable(np.array([[2.0, 1.0], [0.5, 3.0]]))
    logdet = np.linalg.slogdet(x)[1]
    np.testing.assert_allclose(slopes(logdet, x)[0], np.linalg.inv(x.value).T, rtol=1e-14)
    np.split(Variable(np.arange(6.0)), 3)
    entry = current().tape.entries[-1]
    assert len(entry.outputs) == 3
    (contribution,) = entry.propagate([Variable(np.ones(2)), None, Variable(np.full(2, 3.0))])
    assert contribution.value.tolist() == [1.0, 1.0, 0.0, 0.0, 3.0, 3.0]
    quotient, rest = divmod(Variable(7.5), 2.0)
    assert quotient == 3.0 and rest.value == 1.5


def test_lists_of_variables_as_arguments() -> None:
    x, y = Variable(1.0), Variable(np.array([2.0, 3.0]))
    joined = np.concatenate([np.reshape(x, 1), y, np.zeros(1)])
    dx, dy = slopes(np.sum(joined * np.arange(4.0)), x, y)
    assert (dx, dy.tolist()) == (0.0, [1.0, 2.0])
    p, q = Variable(3.0), Variable(4.0)
    assert slopes(math.hypot(*[3.0, 4.0]) + np.sum(np.stack([p, q]) ** 2), p, q) == [6.0, 8.0]


@pytest.mark.parametrize(("f", "slope"), [
    (lambda x: np.sum([x, 2 * x] * np.ones(2)), 3.0), (lambda x: np.sum(np.sqrt([x, 1.0])), 0.5 / math.sqrt(2.0)),
    (lambda x: np.dot([x, 2 * x], [1.0, 3.0]), 7.0), (lambda x: np.linalg.det([[x, 1.0], [2.0, x]]), 4.0),
    (lambda x: np.linalg.norm([x, 2 * x]), math.sqrt(5.0)), (lambda x: np.transpose([[x, 1.0], [x * x, x]])[0, 1], 4.0),
])  # fmt: skip
def test_lists_stand_for_arrays(f: Any, slope: float) -> None:
    assert tape.gradient(f, (2.0,))[1] == pytest.approx(slope, rel=1e-14)


def test_integers_become_floats_and_others_are_refused() -> None:
    assert type(Variable(3).value) is float
    assert Variable(np.array([1, 2])).value.dtype == np.float64
    assert Variable(np.float32(1.0)).value.dtype == np.float32
    for wrong in ("a", None, True, np.array([True]), [1.0]):
        with pytest.raises(NotDifferentiable):
            Variable(wrong)


def test_dtypes_stay() -> None:
    x = Variable(np.array([1.0, 2.0], np.float32))
    y = Variable(2.0)
    dx, dy = slopes(np.sum(np.sqrt(x) * y), x, y)
    assert dx.dtype == np.float32
    assert np.asarray(dy).dtype == np.float64
    z = Variable(1.0 + 2.0j)
    r = Variable(0.5)
    dr, dz = slopes((z * r * (1 - 1j)).real, r, z)
    assert dr == 3.0 and dz == 0.5 - 0.5j  # the part of z (1 - i) that is real, and JAX's convention df/da - i df/db


def test_plain_numbers_are_not_given_away() -> None:
    x = Variable(0.5)
    with pytest.raises(MissingRule, match="plain float"):
        math.sin(x)
    with pytest.raises(MissingRule, match="plain array"):
        np.asarray(Variable(np.ones(2)))
    assert f"{x:.1f} {x}" == "0.5 0.5"
    assert repr(x) == "Variable(0.5, name='v-1')"


def test_writes_are_refused() -> None:
    x = Variable(np.ones(3))
    array = np.zeros(3)
    with pytest.raises(UnsupportedMutation):
        x[0] = 2.0
    with pytest.raises(UnsupportedMutation):
        array += x
    assert array.tolist() == [0.0] * 3


def test_the_value_has_to_be_a_number() -> None:
    with pytest.raises(NotDifferentiable, match="shape"):
        tape.grad(Variable(np.ones(3)), [])


# ---------------------------------------------------------------------------- masks


def test_masked_slots_are_an_exact_zero_at_every_order() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.where(x > 0, np.sqrt(x) * x, 0.0)) + np.sum(np.sqrt(x)[x > 1])

    point = np.array([0.0, 1.0, 4.0])
    _, first = tape.gradient(f, (point,))
    assert first.tolist() == [0.0, 1.5, 3.25]
    _, second = tape.gradient(lambda x: np.sum(grad(f)(x)), (point,))
    assert second.tolist() == [0.0, 0.75, 0.375 - 0.03125]
    _, unmasked = tape.gradient(lambda x: np.sum(np.sqrt(x)), (point,))
    assert unmasked[0] == np.inf


def test_a_zero_that_no_mask_made_keeps_its_derivative() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.where(x > 0, (np.sqrt(x) - 1.0) ** 2, 0.0))  # its first derivative is 0 at 1, the second 1/2

    value, second = tape.gradient(lambda x: np.sum(grad(f)(x)), (np.array([1.0, 0.0]),))
    assert value == 0.0 and second.tolist() == [0.5, 0.0]


def test_strong_product() -> None:
    inf, nan = math.inf, math.nan
    assert strong_product(0.0, inf) == 0.0 and type(strong_product(0.0, inf)) is float
    assert strong_product(2.0, inf) == inf
    assert math.isnan(strong_product(nan, 1.0))
    mixed = strong_product(np.array([0.0, 0.0, 2.0, 1.0], np.float32), np.array([inf, nan, 3.0, inf], np.float32))
    assert mixed.tolist() == [0.0, 0.0, 6.0, inf] and mixed.dtype == np.float32
    assert strong_product(np.float32(0.0), np.float64(inf)).dtype == np.float64
    assert strong_product(np.zeros((2, 1)), np.full(3, nan)).tolist() == [[0.0] * 3] * 2
    x, k = Variable(np.array([0.0, 2.0])), Variable(3.0)
    dx, dk = slopes(np.sum(x * k), x, k)
    assert dx.tolist() == [3.0, 3.0] and dk == 2.0


# ---------------------------------------------------------------------------- functions lowered for the tape


Point = namedtuple("Point", "x y")
TABLE = {"gain": [1.0, 2.0]}
STATE = np.zeros(2)


class Counter:
    def __init__(self) -> None:
        self.calls, self.seen = 0, [1.0]


COUNTER = Counter()


@corpus.each()
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # which other checks of a program ignore as well
def test_values_of_the_corpus_are_the_functions_own(program: Any) -> None:
    for number, call in enumerate(program.calls):
        try:
            expected = program.function(*copy.deepcopy(call))
        except Exception as error:
            with pytest.raises(type(error)):
                answers(program).tape(number)
            continue
        value, _ = answers(program).tape(number)
        assert type(value) is type(expected) and repr(value) == repr(expected)


def test_gradient_has_the_structure_and_types_of_the_argument() -> None:
    def f(tree: Any, n: Any) -> Any:
        return tree["p"].x * 2.0 + np.sum(tree["w"][0] * tree["w"][1]) * n

    tree = {"p": Point(1.0, 2), "w": (np.ones(2, np.float32), np.float64(3.0)), "label": "a"}
    value, (found, by_n) = tape.gradient(f, (tree, 2), (0, 1))
    assert value == 14.0 and by_n == 6.0 and type(by_n) is float
    assert found["p"] == Point(2.0, 0.0) and found["label"] is None
    assert found["w"][0].dtype == np.float32 and found["w"][0].tolist() == [6.0, 6.0]
    assert type(found["w"][1]) is np.float64 and found["w"][1] == 4.0


def test_gradient_by_name_and_by_keyword() -> None:
    def f(x: Any, y: Any = 2.0, *, z: Any = 1.0) -> Any:
        return x * y * z

    assert tape.gradient(f, (3.0, 4.0), "y") == (12.0, 3.0)
    assert tape.gradient(f, (3.0,), ("x", "z"), {"z": 5.0}) == (30.0, (10.0, 6.0))


def test_unreached_arguments_have_a_zero_gradient_of_their_own() -> None:
    a = np.array([[1.0, 2.0]], np.float32)
    _, (da, db) = tape.gradient(lambda x, y: y * 2.0, (a, 3.0), (0, 1))
    assert da.dtype == np.float32 and da.tolist() == [[0.0, 0.0]] and db == 2.0
    _, (dx, dy) = tape.gradient(lambda x, y: np.sum(x + y), (a, a), (0, 1))
    assert not np.shares_memory(dx, dy) and not np.shares_memory(dx, a)
    dx += 1.0  # it may be written to


@pytest.mark.parametrize("result", [None, 1, True, "a", np.ones(2), 1j, (1.0, 2.0)])
def test_results_that_are_no_real_number_are_refused(result: Any) -> None:
    with pytest.raises(NotDifferentiable):
        tape.gradient(lambda x: result, (1.0,))


@pytest.mark.parametrize("argument", ["a", None, {"n": 1}, True])
def test_arguments_without_a_derivative_are_refused(argument: Any) -> None:
    with pytest.raises(NotDifferentiable):
        tape.gradient(lambda x: 1.0, (argument,))


def test_nested_differentiation() -> None:
    def f(x: Any) -> Any:
        return x * grad(lambda y: x * y * y)(3.0) + grad(grad(lambda y: y**4 * x))(x)

    # x * 2 * x * 3 + 12 x^2 * x
    assert tape.gradient(f, (2.0,)) == (24.0 + 96.0, 24.0 + 144.0)


def test_perturbations_are_not_confused() -> None:
    def f(x: Any) -> Any:
        return grad(lambda y: x * y)(x)

    assert tape.gradient(f, (3.0,)) == (3.0, 1.0)
    assert tape.gradient(lambda x: x * grad(lambda y: x + y)(1.0), (5.0,)) == (5.0, 1.0)


def test_inner_derivatives_of_constants_are_constants() -> None:
    def f(x: Any) -> Any:
        slope = grad(lambda y: y * y)(3.0)
        digits = len(str(slope)) + random.Random(int(slope)).randint(4, 4)
        return x * slope + digits

    assert tape.gradient(f, (2.0,)) == (12.0 + 3 + 4, 6.0)


def test_other_derivatives_inside_a_function() -> None:
    def f(x: Any) -> Any:
        value, slope = value_and_grad(lambda y: np.sum(y**3))(x)
        return value + np.sum(slope * elementwise_grad(np.sin)(x))

    x = np.array([0.3, 1.2])
    value, found = tape.gradient(f, (x,))
    assert value == pytest.approx(np.sum(x**3) + np.sum(3 * x**2 * np.cos(x)), rel=1e-14)
    np.testing.assert_allclose(found, 3 * x**2 + 6 * x * np.cos(x) - 3 * x**2 * np.sin(x), rtol=1e-13)


def test_own_arrays_and_containers_may_be_written() -> None:
    def f(x: Any, buffer: Any) -> Any:
        own = np.zeros(2)
        alias = own
        own += 1.0
        own[1] = 5.0
        buffer[0] = 2.0
        items = [x]
        items.append(x * alias[1])
        return sum(items) * alias[0] * buffer[0]

    buffer = np.ones(1)
    assert tape.gradient(f, (3.0, buffer)) == (36.0, 12.0)
    assert buffer.tolist() == [1.0]


def _write_global(x: Any) -> Any:
    STATE[0] = 1.0
    return x


def test_an_array_from_outside_is_written_as_in_a_plain_call() -> None:
    tape.gradient(_write_global, (1.0,))
    assert STATE.tolist() == [1.0, 0.0]


def test_effects_happen_once_and_the_users_exception_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        print("x is", x)
        if x > 1.0:
            raise ValueError("too large")
        return x

    assert tape.gradient(f, (0.5,)) == (0.5, 1.0)
    assert capsys.readouterr().out == "x is 0.5\n"
    with pytest.raises(ValueError, match="too large"):
        tape.gradient(f, (2.0,))


# ---------------------------------------------------------------------------- faults of rules


def forget(name: str) -> None:
    primitive = BY_NAME.pop(name)
    BY_FUNCTION.pop(primitive.callee)


def test_a_dict_holds_an_array_that_has_a_name() -> None:
    """`dict` iterates over what it is given by position alone."""
    def f(x: Any) -> Any:
        held = dict(rows=np.array([1.0, 2.0]))  # noqa: C408
        return x * held["rows"][1]

    assert tape.gradient(f, (2.0,)) == (4.0, 2.0)


def test_a_function_or_an_argument_without_a_rule_is_refused() -> None:
    def plain(x: Any) -> Any:
        return np.ma.average(x)

    with pytest.raises(MissingRule, match="average"):
        tape.gradient(plain, (np.ones(3),))

    def scaled(x: Any, k: Any) -> Any:
        return x * k

    rule("scaled(x, k)", x="g * k", namespace={"scaled": scaled})
    try:
        assert tape.gradient(lambda x: scaled(x, 3.0), (2.0,)) == (6.0, 3.0)
        with pytest.raises(MissingRule, match="'k'"):
            tape.gradient(lambda k: scaled(2.0, k), (3.0,))
    finally:
        forget("scaled")


def test_a_pullback_of_the_wrong_shape_is_refused() -> None:
    def total(x: Any) -> Any:
        return np.sum(x)

    rule("total(x)", x="g * 1.0", namespace={"total": total})
    try:
        with pytest.raises(RuleError, match=r"shape \(\), its argument \(3,\)"):
            tape.gradient(lambda x: total(x), (np.ones(3),))
    finally:
        forget("total")


def test_first_order_needs_no_rule_for_the_functions_of_a_formula() -> None:
    def odd(x: Any) -> Any:
        return float(x) ** 3

    def slope_of_odd(x: Any) -> Any:
        return np.polynomial.Polynomial([0.0, 0.0, 3.0])(x)

    elementwise("odd(x)", x="slope_of_odd(x)", namespace={"odd": odd, "slope_of_odd": slope_of_odd})
    try:
        assert tape.gradient(lambda x: odd(x), (2.0,)) == (8.0, 12.0)
    finally:
        forget("odd")
