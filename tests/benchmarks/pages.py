"""A page of figures that several commands write, each a section of it."""
from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def sections(text: str) -> list[str]:
    """The head of a page, and its sections, each with the heading it begins with."""
    return re.split(r"^(?=## )", text, flags=re.MULTILINE)


def put(page: Path, section: str) -> None:
    """Write a section in place of the one with its heading, or to the end."""
    head, *others = sections(page.read_text(encoding="utf-8"))
    heading = section.partition("\n")[0]
    parts = [section if part.partition("\n")[0] == heading else part for part in others]
    if section not in parts:
        parts.append(section)
    page.write_text("\n".join(part.rstrip("\n") + "\n" for part in (head, *parts)), encoding="utf-8")


def rest(page: Path) -> str:
    """The sections of a page, without its head; empty where there are none."""
    return "".join("\n" + part.rstrip("\n") + "\n" for part in sections(page.read_text(encoding="utf-8"))[1:]) if page.exists() else ""


def command(what: str, measure: Callable[[], Any], table: Callable[[Any], Sequence[str]], section: Callable[[Any], str]) -> None:
    """What a command does that measures one section of a page: its table is shown, or with `--write` the section is written."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the section of this page")
    options = parser.parse_args()
    found = measure()
    if options.write is None:
        print("\n".join(table(found)))
    else:
        put(options.write, section(found))
