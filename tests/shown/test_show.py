"""The Wengert list as text, and the evaluation trace."""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest

import s2sad
from s2sad import trees
from s2sad.api.inspection import Inspection
from s2sad.machine.transforms import leaf_names
from s2sad.shown import textbook, textbook_forward
from s2sad.shown.evaluation import primal
from s2sad.shown.graph import dot
from s2sad.shown.show import listing, trace
from tests import programs

RATE = 0.5
WEIGHTS = np.arange(6.0).reshape(2, 3)


def f(x1, x2):
    return math.log(x1) + x1 * math.sin(x2)


def loop(a, n):
    c = 0.0
    for i in range(n):
        c += a * i
    if c > 2.0: c = c * RATE  # fmt: skip  # noqa: E701
    return c


def layers(x):
    y = np.maximum(WEIGHTS @ x, 0.0) + x[0]
    return np.sum(y * y) / 2.0


def seen(function, args, argnums=0):
    names = leaf_names(function, args, trees.flatten((args, {}))[1])
    return primal(function, argnums, args, {}, names)


# The Wengert list


def test_the_listing_of_the_articles_function():
    derivative = s2sad.value_and_grad(f, argnums=(0, 1))
    line = f.__code__.co_firstlineno + 1
    lines = listing(derivative.stages(2.0, 1.0)["optimised"]).splitlines(keepends=True)
    premises = [text for text in lines if text.startswith("  premise")]
    assert f"  premise  {__name__}.math is math\n" in premises
    expected = f"""\
f_value_and_grad(x1, x2)
  primal
    # test_show.py:{line}  return math.log(x1) + x1 * math.sin(x2)
    v1 = math.log(x1)
    v2 = math.sin(x2)
    v3 = x1 * v2
    v4 = v1 + v3
  adjoint
    # test_show.py:{line}
    v5 = math.cos(x2)
    x2_bar = x1 * v5
    v6 = 1.0 / x1
    x1_bar = v2 + v6
    return v4, x1_bar, x2_bar
"""
    assert "".join(text for text in lines if text not in premises) == expected


def test_versions_of_a_name_guards_and_reads_from_outside_are_told_apart():
    text = listing(seen(loop, (3.0, 3)).recorded)
    assert "  premise  'range' is not redefined\n" in text
    assert "    guard n is 3\n" in text
    assert re.findall(r"^    (c\w*) = ", text, re.M) == ["c", "c_1", "c_2", "c_3"]
    assert f"    RATE = {__name__}.RATE\n    guard RATE is of type float\n" in text
    assert re.search(r"    (v\d+): bool = c_2 > 2.0\n    guard \1 is true\n", text)
    assert text.endswith("    return c_3\n")


def test_types_other_than_float_follow_the_name():
    text = listing(seen(layers, (np.ones(3),)).recorded)
    assert text.startswith("layers(x: float64[3])\n")
    assert "    WEIGHTS: float64[2, 3] = " in text
    assert re.search(r"v\d+: float64\[2\] = WEIGHTS @ x\n", text)


def test_the_listing_names_every_phase():
    curvature = s2sad.grad(s2sad.grad(lambda x: x * x * x))
    headings = [
        line.strip() for line in listing(curvature.stages(2.0)["adjoint"]).splitlines() if line.startswith("  ")
    ]
    assert [h for h in headings if h in ("primal", "adjoint", "adjoint 2")] == ["primal", "adjoint", "adjoint 2"]


def test_every_value_is_defined_before_it_is_used_and_once():
    for name in ("control_flow", "containers", "classes"):
        for program in [p for p in programs.load() if p.name.startswith(name)][:6]:
            lines = [line.strip() for line in listing(seen(program.function, program.calls[0]).recorded).splitlines()]
            targets = [t for line in lines if (t := re.match(r"(\w+)(: [^=]*)? = ", line)) is not None]
            names = [t.group(1) for t in targets]
            assert len(set(names)) == len(names), program.name


def test_the_wengert_list_of_a_derivative_is_that_of_the_last_call():
    derivative = s2sad.grad(loop)
    assert derivative.wengert == ""
    derivative(3.0, 2)
    assert "guard n is 2" in derivative.wengert
    derivative(3.0, 1)
    assert "guard n is 1" in derivative.wengert


# The evaluation trace


def test_the_trace_of_the_articles_function():
    shown = trace(seen(f, (2.0, 1.0), (0, 1)))
    assert shown.inputs == ["v-1 = x1 = 2.000", "v0 = x2 = 1.000"]
    assert shown.intermediates == [
        "v1 = log(v-1) = 0.693",
        "v2 = sin(v0) = 0.841",
        "v3 = v-1 * v2 = 1.683",
        "v4 = v1 + v3 = 2.376",
    ]
    assert shown.output == ["y = v4 = 2.376"]
    assert shown.adjoint == [
        "v4_bar = 1.0 = 1.000",
        "v1_bar = v4_bar = 1.000",
        "v3_bar = v4_bar = 1.000",
        "v-1_bar = v3_bar * v2 = 0.841",
        "v2_bar = v3_bar * v-1 = 2.000",
        "v0_bar = v2_bar * cos(v0) = 1.081",
        "v-1_bar += v1_bar / v-1 = 1.341",
    ]


def test_the_two_halves_stand_side_by_side():
    lines = str(trace(seen(f, (2.0, 1.0), (0, 1)))).splitlines()
    assert len({line.index("|") for line in lines}) == 1
    left = [line.partition("|")[0].strip() for line in lines]
    assert left[0] == "forward" and left[-1] == "y = v4 = 2.376"
    assert [i for i, cell in enumerate(left) if set(cell) == {"-"}] == [1, 4, 9], "rules between the three parts"


def test_only_what_leads_to_the_output_is_numbered():
    shown = trace(seen(loop, (3.0, 3)))
    assert shown.inputs == ["v0 = a = 3.000"]
    assert [line.partition(" ")[0] for line in shown.intermediates] == [f"v{i}" for i in range(1, 8)]
    assert shown.intermediates[-1] == "v7 = v6 * RATE = 4.500"
    assert not any("> 2.0" in line for line in shown.intermediates)


def test_arrays_are_shown_short_and_broadcasting_is_undone():
    shown = trace(seen(layers, (np.array([1.0, 2.0, 3.0]),)))
    assert "v1 = WEIGHTS @ v0 = [8.000, 26.000]" in shown.intermediates
    assert any(re.match(r"v\d+_bar = sum\(v\d+_bar\) = ", line) for line in shown.adjoint)
    large = trace(seen(lambda x: np.sum(x * 2.0), (np.ones((4, 5)),)))
    assert large.inputs == ["v0 = x = float64[4, 5]"]


def test_a_contribution_that_is_long_is_named_by_its_operation():
    shown = trace(seen(lambda a: np.linalg.eigvalsh(a)[0], (np.diag([1.0, 2.0, 3.0]),)))
    assert any("pullback of" in line for line in shown.adjoint)


@pytest.mark.parametrize(
    ("function", "args", "adjoint"),
    [
        (lambda x: x, (3.0,), ["v0_bar = 1.0 = 1.000"]),
        (lambda x, y: -y, (3.0, 2.0), ["v1_bar = 1.0 = 1.000", "v0_bar = -v1_bar = -1.000"]),
        (lambda x: 2.5, (3.0,), []),
    ],
)
def test_functions_with_hardly_a_trace(function, args, adjoint):
    shown = trace(seen(function, args, tuple(range(len(args)))))
    assert shown.adjoint == adjoint


CHOSEN = [p for p in programs.load() if p.differences and not p.name.startswith("customs.")][::6]


@pytest.mark.parametrize("name", ["by_vjp", "by_jvp", "stopped", "by_equation"])
def test_no_trace_of_a_derivative_that_is_stated(name):
    def by_vjp(x):
        return x

    stated = {"by_vjp": s2sad.custom_vjp(by_vjp), "by_jvp": s2sad.custom_jvp(by_vjp), "stopped": s2sad.stop_gradient,
              "by_equation": s2sad.implicit(math.sqrt, lambda y, x: y * y - x)}[name]  # fmt: skip
    if name == "by_vjp":
        stated.defvjp(lambda x: (stated(x), None), lambda _, g: (3.0 * g,))
    if name == "by_jvp":
        stated.defjvp(lambda primals, tangents: (stated(*primals), 3.0 * tangents[0]))
    shown = seen(lambda x: x * stated(x), (2.0,), (0,))
    for attempt in (trace, lambda primal: textbook_forward.trace(primal, {primal.inputs[0]: 1.0})):
        with pytest.raises(s2sad.errors.UnsupportedSyntax, match="a value whose derivative is stated by custom_vjp"):
            attempt(shown)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("program", CHOSEN, ids=lambda p: p.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of programs that overflow on purpose
def test_the_sweep_of_the_trace_ends_with_the_gradient(program, capsys):
    args = program.calls[0]
    shown = seen(program.function, args, program.argnums)
    assert str(trace(shown))
    sweep = textbook._Sweep(shown)
    sweep.run()
    gradient = s2sad.grad(program.function, argnums=program.argnums)(*args)
    expected = [leaf for leaf in trees.flatten(gradient)[0] if leaf is not None]
    assert len(expected) == len(shown.inputs)
    for var, leaf in zip(shown.inputs, expected, strict=True):
        found = sweep.cotangents.get(var, np.zeros_like(leaf))
        np.testing.assert_allclose(found, leaf, rtol=1e-9, atol=1e-12)


def test_slots_behind_a_mask_get_an_exact_zero():
    def masked(x):
        return np.sum(np.where(x > 0.0, np.sqrt(x), 1.0))

    sweep = textbook._Sweep(seen(masked, (np.array([0.0, 4.0]),)))
    *_, (_, last) = sweep.run()
    np.testing.assert_array_equal(last, [0.0, 0.25])


def test_values_are_those_of_the_moment():
    def changed(x):
        counts = np.zeros(2)
        first = counts * 1.0
        counts[0] = 5.0
        return np.sum(first) + x * counts[0]

    shown = trace(seen(changed, (2.0,)))
    assert any(line.endswith("= [0.000, 0.000]") for line in shown.intermediates)
    assert any(line.endswith("= [5.000, 0.000]") for line in shown.intermediates)


def test_effects_known_already_are_not_repeated():
    from s2sad.runtime.control import Effects

    draws = random.Random(0)

    def noisy(x):
        return x * draws.random()

    effects = Effects()
    first = primal(noisy, 0, (2.0,), {}, ["x"], effects=effects)
    again = primal(noisy, 0, (2.0,), {}, ["x"], effects=effects)
    assert first.values[first.output] == again.values[again.output]
    fresh = random.Random(0)
    assert first.values[first.output] == 2.0 * fresh.random()
    assert draws.getstate() == fresh.getstate(), "drawn once"


def test_an_inspection_performs_effects_once():
    draws = random.Random(0)

    def noisy(x):
        return x * draws.random()

    seen = Inspection(s2sad.grad(noisy), (2.0,), {})
    assert seen.stage("wengert") and seen.trace() and seen.conditions is not None
    fresh = random.Random(0)
    assert seen.value == 2.0 * fresh.random() and seen.gradient == seen.value / 2.0
    assert draws.getstate() == fresh.getstate()


def test_the_result_has_a_name_that_nothing_else_has():
    def f(x, y):
        return x * y

    def g(z, y, out, result, y1):
        return z * y * out * result * y1

    shown = seen(f, (2.0, 3.0), (0, 1))
    assert str(trace(shown)).splitlines()[-1].startswith("z = v1 = 6.000")
    assert textbook_forward.trace(shown, {shown.inputs[1]: 1.0}).tangents[-1] == "z_dot = v1_dot = 2.000"
    assert "y2 = v4 = " in str(trace(seen(g, (1.0, 2.0, 3.0, 4.0, 5.0), (0, 1))))
    assert '"z" [label="z = 2.0"' in dot(seen(lambda y: 2.0, (1.0,)), "f")
