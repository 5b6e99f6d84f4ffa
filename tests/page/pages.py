"""Functions that pages are made of, and the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import s2sad
from s2sad import page
from s2sad.api.forward import Jvp
from s2sad.api.inspection import Inspection
from s2sad.api.inspection_forward import Forward


def helped(x):
    return np.sin(x) * x


def loss(w, x, n):
    s = 0.0
    for k in range(n):
        h = np.tanh(w * x + k)
        if s > 1.0:
            s = s + np.sum(h)
        else:
            s = s * 0.5 + np.sum(h * h)
    return s


def straight(x, y):
    a = x * y
    b = helped(a)
    return b + a


def named(x):
    text = "</script><script>alert('1')</script>&amp;<!--"
    if text.startswith("no"):
        return x
    return x * len(text)


def many(x, n):
    total = 0.0
    for k in range(n):
        total = total * 0.9 + np.sin(x * k)
    return total


AT: dict[str, tuple[Any, ...]] = {
    "loss": (np.array([0.3, 0.2]), np.array([1.0, 2.0]), 3),
    "straight": (0.5, 2.0),
    "named": (1.5,),
    "many": (0.3, 100),
}


def call(function: Any, control: str = "auto", backend: str = "python", argnums: Any = 0) -> Inspection:
    """The call of the gradient of one of these functions at its point."""
    derived = s2sad.grad(function, argnums, control=control, backend=backend)
    return Inspection(derived, AT[function.__name__], {})


def made(function: Any, **options: Any) -> page.Page:
    return page.of_call(call(function, **options))


def forward(function: Any, tangents: tuple[Any, ...]) -> page.Page:
    return page.of_call(Forward(Jvp(function), AT[function.__name__], tangents))


def line(found: page.Page, text: str, section: str = "forward") -> Any:
    """The first line of the generated code with a text, comments aside."""
    return next(c for c in found.lines if text in c.text and c.section == section and not c.comment)


def users(function: Any, text: str) -> int:
    """The number of the first line of a function's that begins so."""
    code = function.__code__
    lines = Path(code.co_filename).read_text(encoding="utf-8").splitlines()
    return next(n for n, each in enumerate(lines, start=1) if n >= code.co_firstlineno and each.strip().startswith(text))


def parted(y, n):
    total = 0.0
    for _ in range(n):
        part = y[0:2]
        total = total + part[0] * part[1]
    return total


AT["parted"] = (np.array([1.0, 2.0, 3.0]), 30)


def stepped(x):
    return x * 1.5 - x * x


def helped_in_a_loop(x, n):
    for k in range(n):
        x = stepped(x) + k
    return x


AT["helped_in_a_loop"] = (0.3, 30)
