"""What holds at the edges of functions: kinks, ties, zeros, poles, empty arrays, equal eigenvalues; tables to look up, by module and text.

Nothing but `s2sad rules` and the documentation reads them. A rule of a user says the same by `Facts(note=...)`. That what is said here is
true is tested, by a line of `tests/forms/edges_*.py` for each function.
"""
from __future__ import annotations

import functools

from s2sad.rules.edges import arrays, numbers, scipy, special

TABLES = (numbers.NOTES, arrays.NOTES, special.NOTES, scipy.NOTES)


def note(*names: str) -> str:
    """What is said of a function that has these names.

    >>> note("np.fabs"), note("np.sin")
    ('0 at 0', '')
    """
    return "; ".join(dict.fromkeys(text for name in names for text in notes().get(name, ())))


@functools.cache
def notes() -> dict[str, list[str]]:
    """The texts for each function, by its full name."""
    found: dict[str, list[str]] = {}
    for module, texts in ((module, texts) for table in TABLES for module, texts in table.items()):
        for text, names in texts.items():
            for name in names.split():
                found.setdefault(f"{module}.{name}", []).append(text)
    return found
