"""What the forms and the samples of rules check of each function: of complex numbers, and where control flow is kept.

`python -m tests.forms.checked` writes it to where `s2sad rules` reads it. What only a newer version has is written with that, and stays.
"""

from __future__ import annotations

import ast
import functools
import importlib
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.shown import rule_table
from tests.forms.form import Form
from tests.forms.test_forms import FORMS
from tests.rules.tangents import NAMES, samples

FILE = Path(rule_table.__file__).with_name("checked.json")


def found() -> dict[str, str]:
    """For each function `c` if it is given complex numbers, `k` if control flow around it is kept."""
    table: dict[str, set[str]] = {}
    for name in NAMES:
        if name.partition(".")[0] in ("np", "math", "cmath") and any(map(_is_complex, samples(name))):
            table.setdefault(name, set()).add("c")
    for form in FORMS:
        for name, args in called(form):
            table.setdefault(name, set()).update(("k" if form.kept else "") + ("c" if _is_complex(args) else ""))
    return {name: "".join(sorted(table[name])) for name in sorted(table) if table[name]}


def called(form: Form) -> Iterator[tuple[str, list[Any]]]:
    """The functions that a form calls, by their full names, each with its arguments."""
    for node in ast.walk(ast.parse(form.call, mode="eval")):
        if isinstance(node, ast.Call) and ast.unparse(node.func).partition(".")[0] in ("np", "scipy", "math", "cmath"):
            yield ast.unparse(node.func), list(_values(node, form))


def _values(call: ast.Call, form: Form) -> Iterator[Any]:
    for node in (*call.args, *[k.value for k in call.keywords]):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield eval(ast.unparse(node), form.known)
        except NameError:  # a name of a comprehension or a lambda
            continue


def _is_complex(args: Any) -> bool:
    return any(np.iscomplexobj(leaf) for leaf in trees.flatten(list(args))[0] if isinstance(leaf, (complex, np.ndarray, np.generic)))


def merged() -> dict[str, str]:
    """The same, with what is known of functions that the versions here do not have."""
    before = {name: letters for name, letters in rule_table.checked().items() if not _is_here(name)}
    return dict(sorted({**before, **found()}.items()))


def _is_here(name: str) -> bool:
    module, _, rest = name.partition(".")
    try:
        functools.reduce(getattr, rest.split("."), importlib.import_module("numpy" if module == "np" else module))
    except AttributeError:
        return False
    return True


def text() -> str:
    return json.dumps(merged(), indent=0) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
