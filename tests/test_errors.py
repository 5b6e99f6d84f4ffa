"""Bad programs and their exact messages: `errors/NAME.py` is the program, `errors/NAME.txt` the class and the message.

A program has `f` and `ARGUMENTS` (and `OPTIONS` of `grad`), or a function `run` that raises.
"""

from __future__ import annotations

import importlib.util
import pathlib
import pickle
import re
import types
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import errors, excerpts, grad, tape, value_and_grad
from tests.oracles import module

pytestmark = pytest.mark.sampled(1)  # all of them: each is of another refusal

FOLDER = pathlib.Path(__file__).parent / "errors"
NAMES = sorted(p.stem for p in FOLDER.glob("*.py"))
KINDS = {
    "UnsupportedSyntax": (errors.UnsupportedSyntax, SyntaxError), "UnsupportedMutation": (errors.UnsupportedMutation,
    errors.S2sadError),
    "MissingRule": (errors.MissingRule, NotImplementedError), "NotDifferentiable": (errors.NotDifferentiable,
    TypeError),
    "RuleError": (errors.RuleError, ValueError), "SourceUnavailable": (errors.SourceUnavailable, OSError),
    "CannotKeep": (errors.CannotKeep, SyntaxError),
}  # fmt: skip
# What concerns the compiler alone: options of `grad`, kept control flow, rules, functions that native code would call back, and what
# the tape, which works in NumPy's own memory, follows.
COMPILED_ONLY = re.compile(r"has_aux_|rule_|cannot_keep_|no_source$|inner_function_to_native_code|array_|"
                           r"write_(object_array|array_with_a_native_view|through_ctypes|"
                           r"memory_map)")  # fmt: skip


def program(name: str) -> types.ModuleType:
    path = FOLDER / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tests.errors.{name}", path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def caught(name: str, attempt: Any) -> errors.S2sadError:
    kind, _ = wanted(name)
    with pytest.raises(KINDS[kind]) as found:  # type: ignore[arg-type]
        attempt()
    assert type(found.value).__name__ == kind
    return found.value


def wanted(name: str) -> tuple[str, str]:
    kind, _, message = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("\n")
    return kind, message.rstrip("\n")


def attempt(made: types.ModuleType) -> Any:
    return made.run() if hasattr(made, "run") else grad(made.f, **getattr(made, "OPTIONS", {}))(*made.ARGUMENTS)


@pytest.mark.parametrize("name", NAMES)
def test_the_message(name: str) -> None:
    made = program(name)
    for _ in range(2):
        error = caught(name, lambda: attempt(made))
        assert str(error).replace(str(FOLDER) + "/", "") == wanted(name)[1]


@pytest.mark.parametrize("name", [n for n in NAMES if not COMPILED_ONLY.match(n)])
def test_the_tape_refuses_as_well(name: str) -> None:
    made = program(name)
    argnums = getattr(made, "OPTIONS", {}).get("argnums", 0)
    with pytest.raises(errors.S2sadError):
        made.run() if hasattr(made, "run") else tape.gradient(made.f, made.ARGUMENTS, argnums)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("write_")])
def test_a_refused_write_leaves_the_world_as_it_was(name: str) -> None:
    made = program(name)
    before = {
        key: repr(value)
        for key, value in vars(made).items()
        if not key.startswith("__") and "object at" not in repr(value)
    }
    attributes = {
        key: dict(vars(value))
        for key, value in vars(made).items()
        if hasattr(value, "__dict__") and key in ("K", "owner", "helper")
    }
    caught(name, lambda: attempt(made))
    assert {key: repr(vars(made)[key]) for key in before} == before
    assert {key: dict(vars(vars(made)[key])) for key in attributes} == attributes


def test_every_message_has_its_program_and_every_class_a_program() -> None:
    assert sorted(p.stem for p in FOLDER.glob("*.txt")) == NAMES
    assert {wanted(name)[0] for name in NAMES} == set(KINDS)


def test_messages_are_short_and_say_what_to_do() -> None:
    for name in NAMES:
        kind, message = wanted(name)
        first = message.split("\n")[0]
        assert "/" not in first.partition(":")[0] and len(message.split("\n")) <= 5
        assert kind in ("RuleError", "CannotKeep") or message.split("\n")[-1].startswith("hint: ")


def test_a_function_that_cannot_be_kept_names_its_line() -> None:
    for name in (n for n in NAMES if n.startswith("cannot_keep_")):
        location = caught(name, lambda made=program(name): attempt(made)).location
        assert location is not None and location.line > 0, name


def test_an_error_has_parts_and_pickles() -> None:
    error = caught("dynamic_eval", lambda: attempt(program("dynamic_eval")))
    assert error.location is not None and (error.location.line, error.location.column, error.location.function) == (
        5,
        11,
        "f",
    )
    assert error.reason.startswith("eval()") and error.hint == "write the expression itself"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)


SUM = " + ".join(["x * 2.0"] * 90)  # 900 letters
LONG_LINES = {  # and whether it is cut in front, and behind
    f"return eval('x') + {SUM}": (False, True),
    f"return {SUM} + eval('x') + {SUM}": (True, True),
    f"return {SUM} + eval('x')": (True, False),
    f"return {SUM[:47]} + eval('x') + {SUM[:47]}": (False, False),
    f"return f({SUM}, f'{SUM}', eval('x'), 2.0)": (True, False),
}


@pytest.mark.parametrize("line", LONG_LINES)
@pytest.mark.parametrize("indent", ["    ", "\t"], ids=["spaces", "a tab"])
def test_of_a_long_line_the_part_around_the_place_is_shown(line: str, indent: str) -> None:
    with pytest.raises(errors.UnsupportedSyntax) as found:
        grad(module(f"def f(x):\n{indent}{line}\n").f)(1.0)
    _, shown, carets, _ = str(found.value).split("\n")
    assert shown[carets.index("^") :][: carets.count("^")] == "eval('x')" and "\t" not in shown
    text = shown.removeprefix("    2 | ")
    assert len(text) <= 140 and (text.startswith("..."), text.endswith("...")) == LONG_LINES[line]
    assert text.removeprefix("...").removesuffix("...") in f"{indent}{line}".expandtabs()


def test_a_long_place_is_marked_to_where_it_is_cut() -> None:
    for front in ("y = ", "y = 2.0 + 3.0 * x + ", f"y = {SUM} + "):
        line = f"{front}eval({SUM})"
        shown, carets = excerpts.excerpt(line, len(front), len(line))
        rest = 134 - len(front[-24:])
        before = front if len(front) <= 24 else "..." + front[-24:]
        assert shown == f"{before}{f'eval({SUM}'[:rest]}..." and carets == " " * len(before) + "^" * rest


@pytest.mark.parametrize("text, place, carets", [
    ("y = 'schön' + f", "f", "              ^"),
    ("y = '漢字' + f", "f", "             ^"),
    ("y = '\u0065\u0301' + f", "f", "          ^"),  # e and an accent are shown as one
    ("y = f('漢字')", "f('漢字')", "    ^^^^^^^^^"),
    ("\ty = f(x,\tz)", "f(x,\tz)", "            ^^^^^^^^^^^^^^"),
])  # fmt: skip
def test_carets_stand_right_below_letters_of_any_width(text: str, place: str, carets: str) -> None:
    column, lines = len(text.partition(place)[0].encode()), [text]
    location = errors.Location("wide.py", 1, column, 1, column + len(place.encode()), lines=lines)
    assert str(errors.S2sadError("wide", location)).split("\n")[1:] == [f"    1 | {text.expandtabs()}", f"      | {carets}"]


def test_a_refusal_within_library_code_names_the_users_line() -> None:
    made = module("import json\n\n\ndef f(x):\n    y = x * 2.0\n    return float(json.loads(json.dumps(y)))\n")
    with pytest.raises(errors.MissingRule) as found:
        grad(made.f)(1.0)
    assert found.value.location is not None
    assert (found.value.location.file, found.value.location.line) == (made.f.__code__.co_filename, 6)
    assert " at 0x" not in str(found.value)


def test_a_refusal_on_a_later_path_and_recovery() -> None:
    made = module(
        "import numpy as np\n\n\ndef f(x):\n    if x[0] > 1.0:\n        x.shape = (2, 1)\n    return np.sum(x * x)\n"
    )
    derivative = value_and_grad(made.f)
    for first in (0.5, 2.0, 0.25):
        x = np.array([first, 1.0])
        if first > 1.0:
            with pytest.raises(errors.UnsupportedMutation) as found:
                derivative(x)
            assert found.value.location is not None and found.value.location.line == 6
        else:
            np.testing.assert_array_equal(derivative(x)[1], 2.0 * x)
        assert x[0] == first


def test_the_users_handler_does_not_swallow_a_refusal() -> None:
    """A function that catches everything would otherwise go on with a wrong value."""

    def f(x):
        try:
            np.random.shuffle(x)
        except Exception:
            return np.sum(x)
        return np.sum(x * x)

    with pytest.raises(errors.UnsupportedMutation):
        grad(f)(np.array([1.0, 2.0]))
    with pytest.raises(errors.UnsupportedMutation):
        tape.gradient(f, (np.array([1.0, 2.0]),))


def test_where_no_active_value_is_involved_writes_are_fine() -> None:
    def f(x):
        weights = np.zeros(3)
        weights[1] = 2.0
        weights[2:] += 1.5
        weights *= 2.0
        table = {}
        table["k"] = weights
        items = [x]
        items.append(x * x)
        items[0] = 3.0
        return np.sum(table["k"] * x) + items[0] * items[1]

    assert s2sad.value_and_grad(f)(2.0) == (26.0, 19.0)
    assert tape.gradient(f, (2.0,)) == (26.0, 19.0)


@pytest.mark.parametrize(
    "statement",
    [
        "np.fill_diagonal(a, 1.0)",
        "np.copyto(a, 2.0)",
        "np.put(a, [0], 3.0)",
        "a.fill(2.0)",
        "a.sort()",
        "a[[0, 1]] = 2.0",
        "a[a > 0] = 1.0",
        "np.add.at(a, 0, 1.0)",
        "np.add(a, 1.0, out=a)",
        "v = a[0]; v[:] = 5.0",
        "a.flat[0] = 1.0",
        "a.T[0] = 7.0",
        "b = a; b += 1.0",
        "a[0, 0] **= 2",
    ],
)
def test_writes_without_an_active_value(statement: str) -> None:
    made = module(
        "import numpy as np\n\n\ndef f(x):\n    a = np.array([[3.0, 1.0], [2.0, 0.5]])\n"
        f"    {statement}\n    return np.sum(a * x)\n"
    )
    wanted_value = made.f(2.0)
    try:
        value, gradient = value_and_grad(made.f)(2.0)
    except errors.S2sadError as error:
        assert error.location is not None and error.location.line == 6
    else:
        assert (value, gradient) == (wanted_value, made.f(1.0))
