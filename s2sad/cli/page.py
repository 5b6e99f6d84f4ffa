"""The page that `inspect --html` writes."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from s2sad.api.inspection import Inspected
from s2sad.cli.refused import InputError
from s2sad.loading import at_first_use

if TYPE_CHECKING:
    from s2sad import page
    from s2sad.shown.nonfinite import NonFinite
    from s2sad.shown.profile import Profile
else:
    page = at_first_use("s2sad.page")

ENDINGS = ("", ".html", ".htm")


def write(inspection: Inspected, path: str, profile: Profile | None = None, nonfinite: NonFinite | None = None) -> None:
    """Write the page of a call, with what was measured and where a NaN arises if that is given. Raises InputError."""
    if Path(path).suffix.lower() not in ENDINGS:  # a slip may name the program that is looked at
        raise InputError(f"{path}: a page is written as .html")
    try:
        text = page.page_html(page.of_call(inspection, profile, nonfinite))
    except page.NoTemplates as error:
        raise InputError(str(error)) from None
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
