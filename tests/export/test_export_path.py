"""Where an exported module is valid, and what it does about what the function reads from outside."""

from __future__ import annotations

import inspect
import sys
import types

import numpy as np
import pytest

from s2sad.export import export
from tests.export.test_export import branch, exported

RATE = 0.5
STEPS = 2
WEIGHTS = np.array([1.0, -2.0, 0.5])
CONFIG = {"rate": 0.25, "mode": "square"}


def scaled(v, factor=3.0):
    return v * factor * RATE


def model(x, n):
    total = 0.0
    for _ in range(n):
        total += scaled(x)
    return total + float(np.sum(WEIGHTS * x))


# Where it is valid


def test_a_guard_that_fails_names_the_users_line_and_condition():
    function, module = exported(branch, (3.0,))
    assert function(2.0) == (4.0, 4.0)
    line = branch.__code__.co_firstlineno + 1
    message = rf"^test_export\.py:{line}: the exported path holds only while `x > 1\.0` is true$"
    with pytest.raises(module["OtherPath"], match=message):
        function(0.5)
    assert issubclass(module["OtherPath"], ValueError)
    other, module = exported(branch, (0.5,))
    assert other(-2.0) == (2.0, -1.0)
    with pytest.raises(module["OtherPath"], match=r"is false$"):
        other(2.0)


def test_the_outcomes_of_a_condition_in_a_loop_are_told_in_one_line():
    def walk(x):
        for _ in range(5):
            if x > 4.0: x = x - 1.5  # fmt: skip  # noqa: E701
        return x

    lines = export(walk, (6.0,)).splitlines()
    assert [line.partition(": ")[2] for line in lines if "x > 4.0`" in line and line[0] == "#"] == [
        "`x > 4.0` is true (2 times), then is false"  # and x stays what it is
    ]


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ((np.ones(3), 2), "OtherPath", r"^x has the shape \(3,\); the exported path holds for \(2,\)$"),
        ((np.ones(2, np.float32), 2), TypeError, "^x must be an array of float64, not an array of float32$"),
        (([1.0, 1.0], 2), TypeError, "^x must be an array of float64, not of type list$"),
        ((np.ones(2), 2.0), TypeError, "^n must be of type int, not float$"),
        ((np.ones(2), True), TypeError, "^n must be of type int, not bool$"),
        ((np.ones(2), 3), "OtherPath", "`n` is 2$"),
    ],
)
def test_types_and_shapes_are_checked_at_entry(wrong, error, message):
    def powers(x, n):
        for _ in range(n):
            x = x * x
        return np.sum(x)

    function, module = exported(powers, (np.ones(2), 2))
    with pytest.raises(module["OtherPath"] if error == "OtherPath" else error, match=message):
        function(*wrong)


def test_an_int_counts_as_a_float_where_it_is_differentiated_only():
    def product(x, y):
        return x * y if isinstance(y, float) else 0.0 * x

    function, _ = exported(product, (2, 3.0))
    assert function(5, 3.0) == (15.0, 3.0)
    assert type(function(5, 3.0)[0]) is float
    assert function(np.float64(5.0), 3.0) == (15.0, 3.0)
    with pytest.raises(TypeError, match=r"^y must be of type float, not int$"):
        function(5.0, 3)


# What the function reads from outside


def test_globals_defaults_and_arrays_become_keyword_parameters():
    function, _ = exported(model, (2.0, 2))
    value, slope = function(2.0, 2)
    assert (value, slope) == (2.0 * 2 * 3.0 * 0.5 - 1.0, 2 * 3.0 * 0.5 - 0.5)
    other = np.array([1.0, 1.0, 1.0])
    assert function(2.0, 2, RATE=1.0, scaled_factor=2.0, WEIGHTS=other) == (14.0, 7.0)
    with pytest.raises(TypeError, match="WEIGHTS must be an array of float64"):
        function(2.0, 2, WEIGHTS=[1.0, 1.0, 1.0])
    with pytest.raises(TypeError, match="positional"):
        function(2.0, 2, 1.0)


def test_a_captured_number_that_decides_is_guarded():
    def steps(x):
        for _ in range(STEPS):
            x = x * RATE
        return x

    function, module = exported(steps, (8.0,))
    assert function(8.0) == (2.0, 0.25)
    with pytest.raises(module["OtherPath"], match=r"`STEPS` is 2$"):
        function(8.0, STEPS=3)


def test_items_and_attributes_are_read_at_export():
    settings = types.SimpleNamespace(offset=1.5)
    local = 4.0

    def mixed(x):
        if CONFIG["mode"] == "square": x = x * x  # fmt: skip  # noqa: E701
        return x * CONFIG["rate"] * local + settings.offset

    function, module = exported(mixed, (2.0,))
    assert function(2.0) == (5.5, 4.0)
    assert function(2.0, CONFIG_rate=0.5, local=1.0, settings_offset=0.0) == (2.0, 2.0)
    with pytest.raises(module["OtherPath"], match=r"`CONFIG_mode == 'square'` is true$"):
        function(2.0, CONFIG_mode="cube")


def test_what_is_read_again_after_an_effect_is_one_parameter(capsys):
    def twice(x):
        first = x * RATE
        print(first)
        return first * RATE

    function, _ = exported(twice, (8.0,))
    assert list(inspect.signature(function).parameters) == ["x", "RATE"]
    assert function(8.0, RATE=2.0) == (32.0, 4.0)


def test_the_module_does_not_change_with_the_users(monkeypatch):
    function, _ = exported(model, (2.0, 2))
    before = function(2.0, 2)
    monkeypatch.setattr(sys.modules[__name__], "RATE", 100.0)
    assert function(2.0, 2) == before


def test_print_stays(capsys):
    def loud(x):
        print("x is", x)
        return x * x

    function, _ = exported(loud, (2.0,))
    capsys.readouterr()
    assert function(3.0) == (9.0, 6.0)
    assert capsys.readouterr().out == "x is 3.0\n"
