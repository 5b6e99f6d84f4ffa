"""The pictures of the examples of fits: drawn into the file that is named, or on the screen."""
from __future__ import annotations

import sys
from collections.abc import Callable

import matplotlib


def draw(put: Callable[..., None], panels: int = 1) -> None:
    """Have a function put something into axes, or into several side by side."""
    file = sys.argv[1] if len(sys.argv) > 1 else None
    if file is not None:
        matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, panels, figsize=(3.2 * panels + 3.2, 3.6), layout="constrained", squeeze=False)
    for each in axes[0]:
        each.spines[["top", "right"]].set_visible(False)
    put(*axes[0])
    if file is None:
        pyplot.show()
    else:
        figure.savefig(file, dpi=100)
