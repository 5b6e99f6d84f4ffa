"""A derivative as a notebook shows it: source and generated code side by side, its graph, its paths, its seconds."""
from __future__ import annotations

import itertools
from typing import Any

from s2sad.page.model import of_path
from s2sad.page.render import NoTemplates, fragment
from s2sad.page.sources import blocks

_numbers = itertools.count(1)


def of_gradient(derived: Any) -> str | None:
    """A fragment of HTML; None where jinja2 is not installed.

    Before the first call it shows the function alone.
    """
    identity = f"s2sad-{next(_numbers)}"
    last = derived._last
    try:
        if last is None:
            found = blocks(derived.function, ())
            return fragment(None, found[0] if found else None, repr(derived), identity)
        page = of_path(derived.function, derived.__name__, derived.describe(), last, derived.paths)
        stats = derived.stats()
        page.seconds, page.calls, page.reasons = stats.seconds, stats.calls, derived.reasons
        return fragment(page, None, repr(derived), identity)
    except NoTemplates:
        return None
