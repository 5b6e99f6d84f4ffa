"""What it takes to keep a function grows as the function does: counted in questions that are asked, not in seconds."""

from __future__ import annotations

from typing import Any

import pytest

from s2sad import value_and_grad
from s2sad.keep import slots
from s2sad.passes import placing
from tests.oracles import module

STEPS = {
    "a list from outside": "ITEMS = [(0.01 * k, 0.5) for k in range({n})]\n\n\ndef f(x, n):\n    t = x\n    for v, w in ITEMS:\n"
                           "        if t * v > 1.0:\n            t = t + v * x * w\n    return t\n",
    "a dict from outside": "ITEMS = {{k: 0.01 * k for k in range({n})}}\n\n\ndef f(x, n):\n    t = x\n    for k in ITEMS:\n"
                           "        if t > 1.0:\n            t = t + ITEMS[k] * x\n    return t\n",
    "a list of its own": "def f(x, n):\n    items = [x * k for k in range({n})]\n    t = x\n    for v in items:\n"
                         "        if t * v > 1.0:\n            t = t + v\n    return t\n",
}  # fmt: skip


def asked(owner: Any, name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a function of the package is called while another is kept."""
    count = [0]
    original = getattr(owner, name)

    def counted(*args: Any) -> Any:
        count[0] += 1
        return original(*args)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, counted)
        function = module(text).f
        derivative = value_and_grad(function, control="keep")
        assert derivative(1.25, 2)[0] == function(1.25, 2)
        assert [path.kept for path in derivative.paths] == [True]
    return count[0]


@pytest.mark.parametrize("form", STEPS)
def test_containers_are_not_read_again_for_each_item(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (asked(slots, "_look_into", STEPS[form].format(n=n), monkeypatch) for n in (10, 40))
    assert many < 6 * few


def test_the_paths_of_a_derivative_are_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from s2sad import grad\n\n\n@grad\ndef g(x):\n    return x * x\n\n\ndef f(x, n):\n    h = g\n    for _ in range(n):\n" \
        "        x = x + h(x)\n    return x\n"  # fmt: skip
    fresh = asked(slots, "_look_into", text, monkeypatch)
    assert asked(slots, "_look_into", text.replace("def f", "g(1.0)\n\n\ndef f"), monkeypatch) == fresh


def test_numbers_are_not_asked_whether_they_share_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "        a{k} = a{k} * 0.5 + u[0] * x\n"

    def text(lines: int) -> str:
        names = "".join(f"    a{k} = x * {k}.5\n" for k in range(lines))
        body = "        u[1] = u[1] + a0 * x\n        u[2] = u[2] + a1 * x\n" + "".join(line.format(k=k) for k in range(lines))
        head = "import numpy as np\n\n\ndef f(x, n):\n    u = np.zeros(32)\n"
        return f"{head}{names}    for _ in range(n):\n{body}    return np.sum(u)\n"

    few, many = (asked(placing._Placing, "share", text(lines), monkeypatch) for lines in (5, 20))
    assert many < 2 * few
