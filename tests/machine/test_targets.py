"""The targets of an assignment are assigned from the left to the right: an item is where the names in front of it say, not those behind."""

from __future__ import annotations

import pytest

from tests.oracles import made
from tests.ways import every_way

TARGETS = {
    "an item and its index": "a[i], i = a[i - 1] * x, 2",
    "an index and its item": "i, a[i] = 2, a[i] * x",
    "an array and its item": "a[0], a, a[1] = x, np.zeros(4), x * x",
    "an attribute and its owner": "box.v, box = x * x, Box()\na[1] = box.v + boxes[0].v",
    "of several": "(a[i], (i, a[i])), i = (x, (3, x * x)), i + 1",
    "a rest": "a[i], *i, a[1] = x, 1, 2, x * x\ni = i[1]",
    "a rest in front": "*rest, i, a[i], i = x, x * 2, 3, x * x, 2\na[0] = sum(rest)",
    "of a loop": "for a[i], i in ((x, 1), (x * x, 3), (2.0, 0)):\n    a[2] += i",
    "of a chain": "a[i], i = i, a[i] = 2, x",
    "of two": "a[i], i = i, j = 2, 3\na[j] *= x",
    "in a loop": "for k in range(3):\n    a[i], i = a[i - 1] * x, (i + 2) % 4\n    i, a[i] = (i + 3) % 4, a[i] + 0.5 * x",
}
BODY = """\
class Box:
    v = 0.5
box = Box()
boxes = [box]
a, i, j = np.array([1.0, 2.0, 3.0, 4.0]), 0, 1
{}
return a[0] + 10.0 * a[1] + 100.0 * a[2] + 1000.0 * a[3] + i * x"""


@pytest.mark.parametrize("case", TARGETS)
def test_targets_are_assigned_in_order(case: str) -> None:
    every_way(lambda: made(BODY.format(TARGETS[case]), "x"), (0.7, 1.3, -0.4), ("keep", "auto"))
