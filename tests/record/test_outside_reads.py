"""What is read of lists and dicts from outside that the function changes: before the change, after it, and where a path is left in between."""

from __future__ import annotations

import pytest

from s2sad import value_and_grad
from s2sad.errors import UnsupportedMutation
from tests.oracles import module
from tests.record.test_outside import check

# ruff: noqa: E501

HEAD = """import math, statistics
import numpy as np
class M:
    n, log, text = 1.0, (), ''
    def write(self, text):
        self.text += text
m, N, LOG, D, E = M(), 1, [0.5], {'k': 0.25}, {'a': [1.0]}
def f(x):
    global N
    v = x
"""
POINTS = (0.5, 1.0, 0.75, -0.5, 0.75)
LIST = (
    "LOG[-1]", "sum(LOG)", "max(LOG)", "LOG[:1][0]", "len(LOG[-2:])", "LOG.index(0.5)", "LOG.count(0.5)", "sum([*LOG])", "sorted(LOG)[0]",
    "sum(a for a in LOG)", "[i * a for i, a in enumerate(LOG)][0]", "sum(a * b for a, b in zip(LOG, LOG[1:]))", "list(reversed(LOG))[0]",
    "np.mean(LOG)", "(LOG + [1.0])[0]", "(LOG * 2)[0]", "(0.5 in LOG)", "(LOG == [0.5])", "LOG.copy()[0]", "len(str(LOG))",
    "(lambda *a: a[0])(*LOG)", "bool(LOG)", "statistics.fmean(LOG)", "min(LOG, default=1.0)",
)  # fmt: skip
DICT = (
    "D['k']", "D.get('k')", "D.get('z', 2.0)", "len(D)", "sum(D.values())", "sum(v for k, v in D.items())", "len(list(D))", "('k' in D)",
    "sum(D[k] for k in D)", "D.copy()['k']", "dict(D)['k']", "{**D}['k']", "len(D.keys())", "max(D.values())", "list(D.items())[0][1]",
    "len(str(D))", "bool(D)", "(D == {'k': 0.25})", "(min(D, key=D.get) == 'k')", "next(iter(D.values()))",
)  # fmt: skip


def run(body: str, control: str = "record") -> None:
    check(HEAD + "".join(f"    {line}\n" for line in body.splitlines()) + "    return v * x\n", control, POINTS)


@pytest.mark.parametrize("asked", [*LIST, *DICT])
def test_a_path_that_is_left_between_asking_and_changing(asked: str) -> None:
    """One path has read the container whole, the next one reads it in parts, when something else has been changed already."""
    change = "LOG.append(1.0)" if asked in LIST else "D['j'] = 1.0"
    run(f"v = v + x * {asked}\nN += 1\nif x > 0.6:\n    {change}")


PROGRAMS = {
    "a list that grows while it is read": "for a in LOG:\n    v = v + a * x\n    if len(LOG) < 6:\n        LOG.append(a * 0.5)\nLOG.clear()\nLOG.append(0.5)",
    "a dict that changes while it is read": "for k, w in D.items():\n    D[k] = D[k] + 1.0\n    v = v * w * D[k]",
    "a dict that grows while it is read": (
        "try:\n    for k in D:\n        D['n' + k] = 1.0\nexcept RuntimeError as e:\n    v = v * len(e.args[0])\nD.clear()\nD['k'] = 2.0"),
    "a view, and a change after it": "vals = D.items()\nN += 1\nif x > 0.6:\n    D['k'] = D['k'] + 1.0\nv = v + sum(b for a, b in vals) * x",
    "a view of keys": "keys = D.keys()\nN += 1\nif x > 0.6:\n    D[N] = 1.0\nv = v + len(keys) * x",
    "an iterator, and a change after it": "it = iter(LOG)\nv = v * next(it)\nLOG.append(2.0)\nv = v * sum(it)",
    "a part that is changed": "c = LOG[-1:]\nc.append(x)\nLOG.append(1.0)\nv = v * len(c)",
    "a copy that is changed": "c = LOG.copy()\nc.append(x)\nN += 1\nif x > 0.6:\n    LOG.append(1.0)\nv = v * len(c)",
    "a dict made of it": "w = dict(D)\nw['z'] = 3.0\nN += 1\nif x > 0.6:\n    D.update(w)\nv = v * len(D) * len(w)",
    "containers in it": "l = [*E.values()][0]\nN += 1\nif x > 0.6:\n    l.append(2.0)\nelse:\n    E['b'] = l\nv = v * len(l) * len(E['a'])",
    "another one in its place": "l = E['a']\nv = v * len(l)\nN += 1\nl.append(2.0)\nif x > 0.6:\n    E['a'] = [3.0]\nv = v * len(l) * len(E['a'])",
    "the attributes of an object": "d = vars(m)\nv = v * d.get('n', 2.0)\nm.n = m.n + 1.0\nN += 1\nif x > 0.6:\n    m.n = m.n * 2.0\nv = v * d['n']",
    "code of an object in between": "print(len(LOG), file=m)\nv = v * LOG[0]\nif x > 0.6:\n    LOG.insert(0, 2.0)\n    v = v * LOG[0]",
    "the oldest makes room": "while len(D) > 2:\n    del D[next(iter(D))]\nD[N] = 1.0 + len(D)\nN += 1\nif x > 0.6:\n    v = v * sum(D.values())",
    "a path without effects, which does not serve the rest of a call": "while len(LOG) > 1:\n    v = v + LOG.pop(0)\nif x > 0.6:\n    LOG.extend([1.0, 2.0])",
    "the last of a history": "m.log = LOG[-2:]\nLOG.append(float(v))\nif N % 2:\n    v = v + sum(m.log)\nN += 1",
}  # fmt: skip


@pytest.mark.parametrize("control", ["record", "auto"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_containers_that_change(name: str, control: str) -> None:
    run(PROGRAMS[name], control)


def test_an_array_that_was_kept_outside_is_not_written_there() -> None:
    """Where a call is walked again, another array lies there than the one that the walk knows."""
    text = "import numpy as np\nLOG, C = [], np.ones(3)\ndef f(x):\n    global C\n    C = np.ones(3) * x\n    LOG.append(1.0)\n    C[0] = 2.0\n    return np.sum(C)\n"
    with pytest.raises(UnsupportedMutation, match="native code refers to"):
        value_and_grad(module(text).f)(0.5)


def test_an_array_that_the_function_writes_and_other_code_as_well() -> None:
    """Also where the first path has not read it before that code ran."""
    made = module(
        "import numpy as np\nclass M:\n    def write(self, text): B[0] = B[0] + 1.0\nm, B, N = M(), np.array([1.0, 2.0]), 0\ndef f(x):\n    global N\n"
        "    N += 1\n    if x > 0.8:\n        x = x + B[0]\n    print(1, file=m)\n    if x > 0.6:\n        x = x + B[0] * 2.0\n    B[0] = 0.25\n    return x * x\n"
    )
    derivative = value_and_grad(made.f)
    assert derivative(0.5) == (0.25, 1.0)
    with pytest.raises(UnsupportedMutation, match="also changed by code that is not followed"):
        derivative(1.0)


def test_what_an_array_held_before_it_was_written_and_something_happened() -> None:
    """Effects that change nothing but what they are given leave the array as it was."""
    text = (
        "import numpy as np, random\nB, N, LOG = np.array([1.0, 2.0]), 0, []\ndef f(x):\n    global N\n    v = x * B[0]\n    N += 1\n    LOG.append(N)\n"
        "    if x > 0.6:\n        v = v + B[1]\n    B[0] = 0.25 + x\n    LOG.append(2)\n    if x > 0.8:\n        B[1] = x\n    return v * x\n"
    )
    for control in ("record", "auto"):
        check(text, control, POINTS)


@pytest.mark.parametrize("control", ["record", "auto"])
def test_other_items_of_a_dict_that_holds_a_followed_value(control: str) -> None:
    run("D['a'] = x * x\nv = v * D['k'] + D['a']\nD['k'] = 0.5 + N\nN += 1\nv = v * D['k']", control)
    run("D[7] = x * x\nif x > 0.6:\n    v = v * D['k']\nD['k'] = 2.0 * N\nN += 1\nv = v * D['k'] + D[7]", control)
    made = module("D = {1: 3.0}\ndef f(x):\n    D[1] = x\n    return D[True] * x\n")
    with pytest.raises(UnsupportedMutation, match="kept in a dict"):
        value_and_grad(made.f, control=control)(2.0)  # 1 and True are one key
