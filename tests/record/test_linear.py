"""What recording, differentiating and compiling cost grows with the length of the recording, and not faster.

Counted, not timed: the lines that s2sad runs, which are the same on every machine.
"""
from __future__ import annotations

import importlib.util
import itertools
import linecache
import math
import pathlib
import sys
import types
from collections import Counter
from collections.abc import Callable
from typing import Any

import gast
import pytest

import s2sad
from s2sad.emit.printing import Printer
from s2sad.front import lookup, lower, matching, scopes
from s2sad.ir.program import Function, Var
from s2sad.machine import places
from s2sad.passes import parts
from s2sad.passes.accumulate import accumulate
from s2sad.passes.copies import propagate_copies
from s2sad.passes.parts import simplify_parts
from s2sad.passes.shared import share_subexpressions
from s2sad.passes.storage import Ties
from s2sad.shown.statement_text import Labels

PACKAGE = str(pathlib.Path(s2sad.__file__).parent)
HEAD = "import math\nimport numpy as np\n\n\n"


def one_line(n: int) -> str:
    return f"def f(x):\n    for _ in range({n}):\n        x = x + 0.01 * math.sin(x)\n    return x\n"


def arrays(n: int) -> str:
    return f"def f(x):\n    y = np.ones(3)\n    for _ in range({n}):\n        y = y + 0.01 * np.sin(y * x)\n    return np.sum(y)\n"


def distinct_lines(n: int) -> str:
    lines = "".join(f"    v{i + 1} = v{i} + {i}e-6 * math.sin(v{i})\n" for i in range(n))
    return f"def f(x):\n    v0 = x\n{lines}    return v{n}\n"


def helpers(n: int) -> str:
    made = "".join(f"def h{i}(x):\n    return x + {i}e-6 * math.sin(x)\n\n\n" for i in range(n))
    return f"{made}def f(x):\n" + "".join(f"    x = h{i}(x)\n" for i in range(n)) + "    return x\n"


def captured(n: int) -> str:
    return f"W = [0.01 * i for i in range({n})]\n\n\ndef f(x):\n    t = 0.0\n    for w in W:\n        t = t + w * x\n    return t\n"


def writes(n: int) -> str:
    step = "        y[i % 5] = y[(i + 1) % 5] + x * 0.5\n"
    return f"def f(x):\n    y = np.zeros(5)\n    for i in range({n}):\n{step}    return np.sum(y)\n"


def objects(n: int) -> str:
    step = "    def step(self, d):\n        self.x = self.x + d * math.sin(self.x)\n\n\n"
    made = "class Point:\n    def __init__(self, x):\n        self.x = x\n\n"
    return f"{made}{step}def f(x):\n    p = Point(x)\n    for _ in range({n}):\n        p.step(x)\n    return p.x\n"


def effects(n: int) -> str:
    step = "        x = x + 0.01 * R.normal()\n"
    return f"R = np.random.default_rng(0)\n\n\ndef f(x):\n    for _ in range({n}):\n{step}    return x * x\n"


def array_lines(n: int) -> str:
    forms = ("a = a + 0.001 * np.sin(b * x)", "b = np.exp(-a) * x", "y[{i} % 4] = a[{i} % 3] * x", "c = a.dot(b) + y.sum()",
             "a = a * 0.5 + c * 1e-3", "y[1:3] += b[:2]", "b = np.tanh(y) + b * 0.5", "y = np.where(a > 0, a, b) + {i}e-6")  # fmt: skip
    lines = "".join(f"    {forms[i % len(forms)].format(i=i)}\n" for i in range(n))
    return f"def f(x):\n    a, b, y, c = np.ones(4), np.arange(4.0), np.zeros(4), 0.0\n{lines}    return np.sum(a + b + y) + c\n"


def long_helpers(n: int) -> str:
    made = distinct_lines(10).replace("def f", "def h{k}").replace("e-6", "e-{k}")
    several = "\n\n".join(made.format(k=k) for k in range(n // 10))
    return f"{several}\n\ndef f(x):\n" + "".join(f"    x = h{k}(x)\n" for k in range(n // 10)) + "    return x\n"


def methods(n: int) -> str:
    step = "    def m{k}(self, d):\n" + "        self.x = self.x + {k}e-6 * math.sin(self.y)\n        self.y = self.x * d\n" * 5
    several = "".join(step.format(k=k) for k in range(n // 10))
    calls = "".join(f"    p.m{k}(x)\n" for k in range(n // 10))
    return f"class P:\n    def __init__(self, x):\n        self.x = self.y = x\n{several}\ndef f(x):\n    p = P(x)\n{calls}    return p.x\n"


def branches(n: int) -> str:
    sides = "".join(f"    if y > {i}.0:\n        y = y * {i}.5\n    else:\n        y = y + x * {i}e-3\n" for i in range(n))
    return f"def f(x):\n    y = x * x\n{sides}    return y\n"


def loops(n: int) -> str:
    several = "".join(f"    for i in range({600 + i}):\n        y = y + x * {i}e-6 * y\n" for i in range(n))
    return f"def f(x):\n    y = x * x\n{several}    return y\n"


def loaded(folder: pathlib.Path, name: str, text: str) -> Callable[..., Any]:
    """The function `f` of a module with this text."""
    file = folder / f"{name}.py"
    file.write_text(HEAD + text)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f  # type: ignore[no-any-return]


def lines_run(thunk: Callable[[], Any]) -> int:
    """How many lines of s2sad a call runs."""
    count = 0

    def within(frame: types.FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return within

    def entered(frame: types.FrameType, event: str, arg: Any) -> Any:
        return within if frame.f_code.co_filename.startswith(PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        thunk()
    finally:
        sys.settrace(before)
    return count


SHAPES = (one_line, arrays, distinct_lines, helpers, captured, writes, objects, effects, array_lines, long_helpers, methods)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("text", SHAPES, ids=lambda text: text.__name__)
def test_twice_the_steps_are_twice_the_work(text: Callable[[int], str], tmp_path: pathlib.Path) -> None:
    def work(n: int) -> int:
        derivative = s2sad.value_and_grad(loaded(tmp_path, f"{text.__name__}_{n}", text(n)), control="record")
        return lines_run(lambda: derivative(0.5))

    work(40)  # which lowers the rules, and what is needed of the library
    assert work(80) <= 2.2 * work(40)  # of 320 and 160 it is 2.03: the first steps have less beside them


@pytest.mark.sampled(6)
@pytest.mark.parametrize("text", (distinct_lines, branches, loops), ids=lambda text: text.__name__)
def test_twice_the_statements_are_twice_the_work_where_they_are_kept(text: Callable[[int], str], tmp_path: pathlib.Path) -> None:
    def work(n: int) -> int:
        derivative = s2sad.value_and_grad(loaded(tmp_path, f"{text.__name__}_{n}", text(n)), control="keep")
        return lines_run(lambda: derivative(0.5))

    work(2)
    assert work(40) <= 2.1 * work(20)  # sets go by addresses, so that it differs by some thousandths from run to run


def test_variables_that_are_one_memory_have_short_ways() -> None:
    ties, chain = Ties(), [Var(float) for _ in range(2000)]
    for one, other in itertools.pairwise(chain):
        ties.tie(one, other)
    assert {ties.find(v) for v in chain} == {chain[-1]}
    assert lines_run(lambda: [ties.find(v) for v in chain * 10]) < 200_000


def test_names_are_not_copied_where_a_pass_adds_none() -> None:
    function = Function("f", (), (), (), {Var(float): "x"})
    for each in (propagate_copies, share_subexpressions, accumulate, simplify_parts):
        assert each(function).names is function.names


def test_writes_that_nothing_reads_are_dropped_in_one_go(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    whole, lines = parts._drop_unread, list[int]()

    def counted(function: Function, masks: parts.Masks) -> Function:
        made = list[Function]()
        lines.append(lines_run(lambda: made.append(whole(function, masks))))
        return made[0]

    monkeypatch.setattr(parts, "_drop_unread", counted)
    for n in (100, 200):
        text = "def f(x):\n    y = np.zeros(3)\n" + "    y[0] = x\n" * n + "    return np.sum(y * x)\n"
        derivative = s2sad.value_and_grad(loaded(tmp_path, f"unread_{n}", text), control="record")
        assert derivative(0.5) == (0.25, 1.0)
    assert max(lines[len(lines) // 2 :]) <= 2.1 * max(lines[: len(lines) // 2])


def test_a_name_is_found_at_once() -> None:
    printer = Printer(Function("f", (), (), ()))
    names = [printer.fresh(hint) for hint in ("x", "", "x_1", "x", "", "x", "x_1")]
    assert names == ["x", "t1", "x_1", "x_2", "t2", "x_3", "x_1_1"]
    assert lines_run(lambda: [printer.fresh("x") for _ in range(1000)]) < 20_000


def test_a_label_of_a_listing_is_found_at_once() -> None:
    labels = Labels(Function("f", (), (), ()))
    names = []
    for hint in ("x", None, "x", "x_1", None, "x"):
        names.append(labels.fresh(hint))
        labels.taken.add(names[-1])
    assert names == ["x", "v1", "x_1", "x_1_1", "v2", "x_2"]
    assert lines_run(lambda: [labels.taken.add(labels.fresh("x")) for _ in range(1000)]) < 10_000


def test_lowering_looks_at_each_node_once(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    looked: Counter[tuple[str, int]] = Counter()

    def counted(owner: Any, name: str) -> None:
        whole = getattr(owner, name)

        def wrapped(*args: Any) -> Any:
            looked[name, id(args[-1])] += 1
            return whole(*args)

        monkeypatch.setattr(owner, name, wrapped)

    counted(scopes, "children")
    counted(lower.Lowering, "visit")
    text = f"{distinct_lines(20)}\n    class C:\n        z = [v0 + (lambda a=v1: a + w)() for w in (v2, x)]\n"
    found = lookup.find(loaded(tmp_path, "looked_at", text).__code__)
    lower.lower(found)
    nodes = [n for n in gast.walk(found.node) if hasattr(n, "lineno")]
    assert set(looked.values()) == {1}
    assert len(looked) <= 2 * len(nodes)


def test_positions_are_listed_once_for_each_function(monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[types.CodeType] = []

    def positions(code: types.CodeType) -> list[Any]:
        listed.append(code)
        return list(code.co_positions())

    monkeypatch.setattr(places, "positions", positions)

    def half(x: float) -> float:
        return 0.5 * math.sin(x)

    def f(x: float) -> float:
        for _ in range(50):
            x = x + half(x)
        return x

    s2sad.value_and_grad(f, control="record")(0.5)
    assert [code.co_name for code in listed] == ["f", "half"]


def test_a_file_is_parsed_whole_once_for_all_its_functions(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    parsed: list[int] = []
    parse = matching.parse
    monkeypatch.setattr(matching, "parse", lambda text, *mode: parsed.append(len(text)) or parse(text, *mode))
    f = loaded(tmp_path, "parsed_once", helpers(30))
    s2sad.grad(f)(0.5)
    assert len([length for length in parsed if length > 1000]) == 1


def test_of_a_large_file_one_function_is_parsed(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    parsed: list[str] = []
    parse = matching.parse
    monkeypatch.setattr(matching, "parse", lambda text, *mode: parsed.append(text.strip()) or parse(text, *mode))
    others = "".join(f"def other_{k}(x):\n    return x * {k}.0\n" for k in range(50))
    own = "@plain\n@plain\ndef f(\n    x,\n):\n    # that\n# this\n    return half(x) * math.sqrt(9.0)\n"
    half = "class C:\n    half = staticmethod(lambda x: x * 0.5)\n"
    f = loaded(tmp_path, "of_many", f"def plain(f):\n    return f\n{others}{own}{others}{half}half = C.half\n{others}")
    assert s2sad.value_and_grad(f)(0.5) == (0.75, 1.5)
    assert own.strip() in parsed and half.strip() in parsed and max(map(len, parsed)) < 200


@pytest.mark.parametrize(
    "text",
    ("if True:\n    def f(x):\n        return x * 3.0\nelse:\n    f = None\n",
     "try:\n    f = None\nexcept ValueError:\n    pass\nelse:\n    def f(x):\n        return x * 3.0\n",
     "def f(x):\n    text = '''\nthat begins\n'''\n    return x * len(text) * 0.25\n",
     "made = (lambda x:\nx * 3.0)\nf = made\n",
     "text = '''\ndef f(x):\n    return x * 4.0\n'''; f = (\nlambda x: x * 3.0)\n"),
)  # fmt: skip
def test_statements_that_do_not_end_where_they_seem_to(text: str, tmp_path: pathlib.Path) -> None:
    f = loaded(tmp_path, "seeming", text)
    assert s2sad.value_and_grad(f)(0.5)[0] == f(0.5)


def test_a_file_that_changed_is_parsed_again(tmp_path: pathlib.Path) -> None:
    first = loaded(tmp_path, "changing", "def f(x):\n    return x * 2.0\n")
    assert s2sad.grad(first)(0.5) == 2.0
    second = loaded(tmp_path, "changing", "def f(x):\n    return x * 30.0 + 0.0\n")
    linecache.checkcache(str(tmp_path / "changing.py"))
    assert s2sad.grad(second)(0.5) == 30.0
    assert s2sad.value_and_grad(first)(0.5) == (1.0, 2.0)  # whose text was found before


def test_equal_code_of_two_files_keeps_its_own_place(tmp_path: pathlib.Path) -> None:
    """Code objects of different files may compare equal; a place names the file of its own."""
    for name in ("one", "two"):
        f = loaded(tmp_path, name, "def f(x):\n    return np.busday_offset(x, 1)\n")
        with pytest.raises(s2sad.errors.MissingRule, match=f"{name}.py:6"):
            s2sad.grad(f)(0.5)
