"""The pictures of the documentation, each drawn by a script from what is so: `python -m tests.drawn` draws them anew.

A picture is a function without arguments that gives SVG as text, and has a place in `PICTURES`. It lies on a light card of its own,
so that it can be read on a light and on a dark page. Nothing in it depends on the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.drawn import checkpoints, graph, optimisers, paths, pipeline, record_keep, regression, side_by_side, speed

FOLDER = Path(__file__).parent.parent.parent / "docs"
PICTURES: dict[str, Callable[[], str]] = {
    "side-by-side.svg": side_by_side.picture, "pipeline.svg": pipeline.picture, "graph.svg": graph.picture,
    "record-keep.svg": record_keep.picture, "paths.svg": paths.picture, "checkpoints.svg": checkpoints.picture,
    "speed.svg": speed.picture, "regression.svg": regression.picture, "optimisers.svg": optimisers.picture,
}  # fmt: skip
"""The file of each picture in the folder of the documentation, and what draws it."""
