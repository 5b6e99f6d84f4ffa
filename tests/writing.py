"""What the generators of programs have in common: choosing, and lines that are written one below the other."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


class Lines:
    """A text as it grows; what is chosen is drawn by hypothesis."""

    draw: Any
    lines: list[str]

    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) < percent)

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)
