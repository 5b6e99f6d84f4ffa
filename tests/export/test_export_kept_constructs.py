"""Exported modules that keep lists, masks, generators and exceptions: they give what the function gives, for other sizes and ways."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.cli import main
from s2sad.export import export
from tests.command_line import folder_fixture  # noqa: F401
from tests.export.test_export import exported, identical


def history(x, n):
    seen = [x]
    for _ in range(n):
        seen.append(seen[-1] * 0.5 + 1.0)
    return np.sum(np.stack(seen) ** 2)


def waiting(x, n):
    stack, total = [x], 0.0
    while stack:
        v = stack.pop()
        total += v * v
        if len(stack) < n and v > 0.5:
            stack.append(v * 0.5)
            stack.append(v * 0.25)
    return total


def above(x, cut):
    chosen = x[x > cut]
    y = x * 2.0
    y[x < 0.0] = 0.0
    return np.sum(chosen**2) + np.sum(y)


def squares(values, n):
    for i in range(n):
        yield values[i] * values[i]


def generated(x, n):
    total = 0.0
    for s in squares(x, n):
        total += s
    return total + sum(v * 0.5 for v in x[:n])


def guarded(x, n):
    total = 0.0
    for i in range(n):
        try:
            if x[i] < 0.0:
                raise ValueError("below zero")
            total += math.sqrt(x[i])
        except ValueError:
            total -= x[i]
    return total


PLAIN, SIGNS = np.linspace(0.5, 1.5, 16), np.array([0.5, -1.0, 2.0, -0.25] * 4)
CASES = (
    (history, (PLAIN, 15), ((np.ones(3), 2), (PLAIN, 0), (np.ones((2, 3))[0], 30))),
    (waiting, (3.0, 20), ((0.25, 20), (9.0, 2), (2.0, 0))),
    (above, (SIGNS, 0.25), ((np.array([2.0, -1.0]), 0.0), (SIGNS, 9.0), (np.zeros(0), 0.0))),
    (generated, (PLAIN, 16), ((np.ones(3), 2), (PLAIN, 0))),
    (guarded, (SIGNS, 16), ((np.array([4.0, 9.0]), 2), (-np.ones(5), 3), (SIGNS, 0))),
)  # fmt: skip


@pytest.mark.parametrize(("function", "point", "others"), CASES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_module_serves_other_sizes_and_ways(function, point, others):
    compiled = value_and_grad(function, control="keep")
    run, module = exported(function, point, control="keep")
    module["self_check"]()
    for args in (point, *others, point):
        value, gradient = run(*args)
        identical(value, function(*args))
        identical((value, gradient), compiled(*args))
    assert all(path.kept is not None for path in compiled.paths)


def rows_of_three(x):
    total = 0.0
    for row in x:
        a, b, c = row
        total += a * b * c
    return total


def test_a_size_is_told_as_the_user_writes_it():
    run, module = exported(rows_of_three, (np.ones((4, 3)),), control="keep")
    identical(run(np.full((2, 3), 2.0)), value_and_grad(rows_of_three, control="keep")(np.full((2, 3), 2.0)))
    with pytest.raises(module["OtherPath"], match=r"holds only while `x\.shape\[1\] == 3` is true"):
        run(np.ones((4, 2)))


@pytest.mark.parametrize(("name", "size"), [("history", "n=15"), ("guarded", "n=16"), ("above", "cut=0.25"), ("generated", "n=16")])
def test_the_command_line_shows_and_exports_what_is_kept(name, size, folder, capsys):
    model = "".join(_source(f) + "\n\n" for f in (history, above, squares, generated, guarded))
    (folder / "model.py").write_text(f"import math\n\nimport numpy as np\n\n\n{model}")
    np.save("x.npy", PLAIN)
    at = ["--at", "x=x.npy", size, "--control", "keep"]
    assert main(["inspect", f"model.py:{name}", *at]) == 0
    assert len(capsys.readouterr().out.splitlines()) < 80
    assert main(["export", f"model.py:{name}", *at, "-o", "out.py"]) == 0
    done = subprocess.run([sys.executable, "out.py"], capture_output=True, text=True, cwd=folder, env={**os.environ, "PYTHONPATH": ""})
    assert done.returncode == 0, done.stderr


def _source(function):
    lines = Path(__file__).read_text().splitlines()
    start = function.__code__.co_firstlineno - 1
    end = next(k for k in range(start + 1, len(lines)) if lines[k] and not lines[k].startswith(" "))
    return "\n".join(lines[start:end]).rstrip() + "\n"


def test_a_module_for_any_sizes_names_none():
    for function, point, _ in CASES:
        text = export(function, point, control="keep")
        assert "shape[0] == 16" not in text and "(16,)" not in text
