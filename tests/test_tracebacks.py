"""Tracebacks show the user's lines alone: of what the function raises, and of what s2sad refuses."""

from __future__ import annotations

import io
import math
import pdb
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import check_grads, compiled, grad, jacobian, tape, value_and_grad
from s2sad.calls import recorded_paths
from s2sad.export import export
from tests.oracles import module

RAISING = """
import math
import numpy as np

def helper(x):
    return math.log(x)

def f(x):
    y = helper(x) * 2.0
    return y * x

def loop(x, n):
    for i in range(n):
        x = math.sqrt(x) - 0.3
    return x

def refused(x):
    return eval("x")

def unruled(x):
    y = x * 2.0
    return np.sum(np.ma.average(y))

def outer(x):
    y = refused(x)
    return y * 2.0

def fields(x):
    assert x[0] > 0.0, "negative"
    return x * x
"""
MADE = module(RAISING)
F = [("f", "y = helper(x) * 2.0"), ("helper", "return math.log(x)")]
NOTHING: list[Any] = []
Frames = list[tuple[str, str | None]]


def after(derivative: Any, first: Any) -> Any:
    """A derivative that has been called, so that there is a path."""
    derivative(first)
    return derivative


def raised(call: Callable[[], Any]) -> BaseException:
    with pytest.raises(BaseException) as found:
        call()
    return found.value


def frames(error: BaseException) -> Frames:
    """The functions and lines of a traceback behind the two of this file that are on its way to every call."""
    found = traceback.extract_tb(error.__traceback__)
    assert [frame.name for frame in found[:2]] == ["raised", "<lambda>"]
    return [(frame.name, frame.line) for frame in found[2:]]


def text(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


custom = s2sad.custom_vjp(lambda x: x * x)
custom.defvjp(lambda x: (x * x, x), lambda x, g: (helper_of_rule(x) * g,))
raising = s2sad.custom_vjp(MADE.f)
ENTRIES: dict[str, tuple[Callable[[], Any], Frames]] = {
    "recorded": (lambda: grad(MADE.f)(-1.0), F),
    "compiled path": (lambda: LATER(-1.0), F),
    "by name": (lambda: LATER(x=-1.0), F),
    "value and gradient": (lambda: value_and_grad(MADE.f)(-1.0), F),
    "elementwise": (lambda: s2sad.elementwise_grad(MADE.f)(-1.0), F),
    "kept": (lambda: grad(MADE.loop, control="keep")(1.0, 50), [("loop", "x = math.sqrt(x) - 0.3")]),
    "kept before": (lambda: KEPT(0.01, 50), [("loop", "x = math.sqrt(x) - 0.3")]),
    "native": (lambda: NATIVE(0.01, 50), [("loop", "x = math.sqrt(x) - 0.3")]),
    "vjp": (lambda: s2sad.vjp(MADE.f, -1.0), F),
    "jvp": (lambda: s2sad.jvp(MADE.f, (-1.0,), (1.0,)), F),
    "linearize": (lambda: s2sad.linearize(MADE.f, -1.0), F),
    "jacobian": (lambda: jacobian(MADE.f)(-1.0), F),
    "forward jacobian": (lambda: s2sad.jacfwd(MADE.f)(-1.0), F),
    "hessian": (lambda: s2sad.hessian(MADE.f)(-1.0), F),
    "hvp": (lambda: s2sad.hvp(MADE.f)(-1.0, 1.0), F),
    "sparse": (lambda: jacobian(MADE.fields, sparse=True)(-np.ones(3)), [("fields", 'assert x[0] > 0.0, "negative"')]),
    "sparsity": (lambda: s2sad.sparsity(MADE.fields)(-np.ones(3)), [("fields", 'assert x[0] > 0.0, "negative"')]),
    "compiled": (lambda: compiled(MADE.f)(-1.0), F),
    "stages": (lambda: grad(MADE.f).stages(-1.0), F),
    "check": (lambda: check_grads(MADE.f, (-1.0,)), F),
    "export": (lambda: export(MADE.f, (-1.0,)), F),
    "tape": (lambda: tape.gradient(MADE.f, (-1.0,)), F),
    "tree": (lambda: s2sad.tree.map(MADE.f, [1.0, -1.0]), F),
    "custom, plain": (lambda: raising(-1.0), F),
    "stopped": (lambda: s2sad.stop_gradient(MADE.f)(-1.0), F),
    "checkpoint": (lambda: s2sad.checkpoint(MADE.f)(-1.0), F),
    "rule of a custom function": (lambda: grad(custom)(-1.0), [("<lambda>", None), ("helper_of_rule", "return math.log(x)")]),
    "a refusal": (lambda: grad(MADE.refused)(1.0), NOTHING),
    "a refusal further in": (lambda: grad(MADE.outer)(1.0), [("outer", "y = refused(x)")]),
    "a refusal on the way": (lambda: grad(lambda x: MADE.unruled(x) * 2.0)(np.ones(3)), [("<lambda>", None)]),
    "a refusal, kept": (lambda: grad(MADE.refused, control="keep")(1.0), NOTHING),
    "wrong arguments": (lambda: LATER(2.0, 3.0), NOTHING),
    "no arguments": (lambda: LATER(), NOTHING),
    "no function": (lambda: grad(3.0), NOTHING),  # type: ignore[call-overload]
    "no function, decorator": (lambda: grad(argnums=1)(3.0), NOTHING),  # type: ignore[arg-type]
    "no keyword": (lambda: grad(MADE.f, argnum=1), NOTHING),  # type: ignore[call-overload]
    "no backend": (lambda: s2sad.backend("fast"), NOTHING),
    "no scalar": (lambda: grad(MADE.fields)(np.ones(3)), NOTHING),
    "no cotangent": (lambda: PULLBACK(1.0, 2.0), NOTHING),
    "no rule": (lambda: s2sad.elementwise("nothing(x)", x="1"), NOTHING),
    "a rule that is none": (lambda: s2sad.elementwise("np.unwrap(p)", p="g + nothing"), NOTHING),
    "no value": (lambda: s2sad.stop_gradient(), NOTHING),
}


def helper_of_rule(x: Any) -> Any:
    return math.log(x)


LATER = after(grad(MADE.f), 2.0)
KEPT = grad(MADE.loop, control="keep")
KEPT(9.0, 2)
NATIVE = grad(MADE.loop, control="keep", backend="numba")
PULLBACK = s2sad.vjp(MADE.f, 2.0)[1]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("case", ENTRIES)
def test_the_lines_are_those_of_the_user(case: str) -> None:
    call, wanted = ENTRIES[case]
    if case == "native":
        pytest.importorskip("numba")
        NATIVE(9.0, 2)
    for _ in range(2):
        found = frames(raised(call))
        assert [(name, line if told else None) for (name, line), (_, told) in zip(found, wanted, strict=True)] == wanted
        assert "During handling" not in text(raised(call)) and "direct cause" not in text(raised(call))


def test_a_refusal_shows_its_line_once() -> None:
    shown = text(raised(lambda: grad(MADE.outer)(1.0)))
    assert shown.count('eval("x")') == 1 and shown.count("y = refused(x)") == 1
    assert shown.splitlines()[-1].startswith("hint: ") and "^^^^^^^^^" in shown.splitlines()[-2]


def test_what_was_behind_an_exception_of_the_user_is_as_in_the_plain_call() -> None:
    made = module("import math\n\n\ndef f(x):\n    try:\n        return math.log(x)\n    except ValueError:\n"
                  "        raise KeyError('x')\n\n\ndef g(x):\n    try:\n        return f(x)\n    except KeyError as error:\n"
                  "        raise RuntimeError('no') from error\n\n\n"
                  "def h(x):\n    raise ExceptionGroup('two', [ValueError(1), ArithmeticError(2)])\n")  # fmt: skip
    for f in (made.f, made.g, made.h):
        for control in ("record", "keep"):
            plain = text(raised(lambda f=f: f(-1.0))).splitlines()
            ours = text(raised(lambda f=f, control=control: grad(f, control=control)(-1.0))).splitlines()
            same = [[line for line in shown if "Error" in line or "File" in line or "handling" in line or "cause" in line]
                    for shown in (plain, ours)]  # fmt: skip
            assert [line.replace("grad", "f") for line in same[1] if __file__ not in line] == [x for x in same[0] if __file__ not in x]


def test_an_exception_while_a_refusal_was_handled_has_none_behind_it() -> None:
    """`control="auto"` tries to keep the loop, which is refused, and then follows the call, which raises."""
    made = module("import numpy as np\n\n\ndef f(x, n):\n    for i in range(n):\n        items = {i: x}\n        items.update({n: x})\n"
                  "        x = x * 0.5\n    raise ValueError('late')\n")  # fmt: skip
    error = raised(lambda: grad(made.f)(1.0, 30))
    assert type(error) is ValueError and error.__context__ is None and frames(error) == [("f", "raise ValueError('late')")]


def test_a_gradient_that_native_code_calls() -> None:
    optimize = pytest.importorskip("scipy.optimize")

    def loss(x: Any) -> Any:
        if x[0] < 0.9:
            raise ValueError("left")
        return np.sum(x * x)

    error = raised(lambda: optimize.minimize(value_and_grad(loss), np.ones(2), jac=True))
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    assert files[-1] == __file__ and any("scipy" in file for file in files)
    assert not [file for file in files if file.startswith(s2sad.__path__[0])]


def test_a_call_inside_a_call() -> None:
    """What the inner one refuses is the user's line in the outer one too; a function that is called back stands in between."""
    inner = grad(MADE.outer)

    def called_back(y: Any) -> Any:
        return inner(y)

    def f(x: Any) -> Any:
        return x * sum(map(called_back, [1.0]))

    error = raised(lambda: grad(f)(1.0))
    assert [name for name, _ in frames(error)] == ["f", "called_back", "outer"]


def test_generators_of_the_user() -> None:
    def steps(x: Any) -> Any:
        yield x
        yield math.log(x - 5.0)

    def f(x: Any) -> Any:
        return sum(steps(x))

    for control in ("record", "keep"):
        error = raised(lambda control=control: grad(f, control=control)(1.0))
        assert [name for name, _ in frames(error)] == ["f", "steps"]


@pytest.mark.parametrize("kind", [KeyError, AssertionError, s2sad.errors.InvalidIR])
def test_a_fault_of_s2sad_keeps_its_lines(kind: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a pass fails, by an operation, by an assertion, and by a list that is no good."""
    monkeypatch.setattr(recorded_paths, "PASSES", [fails(kind)])
    found = frames(raised(lambda: grad(MADE.f)(2.0)))
    assert [name for name, _ in found][-2:] == ["finish", "broken"]


def test_ctrl_c_while_s2sad_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded_paths, "PASSES", [fails(KeyboardInterrupt)])
    assert frames(raised(lambda: grad(MADE.f)(2.0))) == []


def fails(kind: Any) -> Any:
    """A pass that fails."""
    names: dict[str, Any] = {"__name__": "s2sad.passes.broken", "kind": kind}
    body = "{}[0]" if kind is KeyError else "raise kind('no')"
    exec(f"def broken(function):\n    {body}\n", names)
    return names["broken"]


def test_all_lines_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S2SAD_TRACEBACK", "full")
    for call in (lambda: grad(MADE.f)(-1.0), lambda: grad(MADE.outer)(1.0), lambda: LATER(-1.0)):
        assert "otherwise" in [name for name, _ in frames(raised(call))]


def test_a_debugger_stands_in_the_users_function() -> None:
    """`pdb.pm()`: the last frame, and the one above it."""
    error = raised(lambda: grad(MADE.f)(-1.0))
    said = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("where\nup\np x\nquit\n"), stdout=said, nosigint=True, readrc=False)
    debugger.reset()
    debugger.interaction(None, error.__traceback__)
    shown = said.getvalue()
    assert "return math.log(x)" in shown and "-> y = helper(x) * 2.0" in shown and "s2sad/" not in shown.replace(__file__, "")


def test_a_library_without_python_source_is_no_line() -> None:
    assert frames(raised(lambda: grad(math.log)(-1.0))) == []
    error = raised(lambda: grad(lambda a: np.sum(np.linalg.inv(a)))(np.zeros((2, 2))))
    assert frames(error)[0][0] == "<lambda>"


def test_the_program_prints_the_same(tmp_path: Any) -> None:
    """Plain Python, without any of pytest's help."""
    program = tmp_path / "program.py"
    program.write_text("from s2sad import grad\nimport math\n\n\n@grad\ndef f(x):\n    return math.log(x)\n\n\nf(1.0)\nf(-1.0)\n")
    found = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False).stderr
    assert [line.strip() for line in found.splitlines() if "File" in line] == [
        f'File "{program}", line 11, in <module>', f'File "{program}", line 7, in f']  # fmt: skip
