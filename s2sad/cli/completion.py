"""What a shell offers behind what was typed: the commands, options and choices, functions of a file, and names of parameters.

The shell asks through `argcomplete`, which is an extra. Files are read, never run.
"""
from __future__ import annotations

import argparse
import ast
import contextlib
import glob
import os
from typing import Any

from s2sad.parsing import parse

ARRAYS = (".npy", ".npz")


def offer(parser: argparse.ArgumentParser) -> None:
    """Answer if it is a shell that asks, and leave; else, and without argcomplete, nothing happens."""
    if "_ARGCOMPLETE" in os.environ:
        with contextlib.suppress(ModuleNotFoundError):
            import argcomplete

            argcomplete.autocomplete(parser)


def functions(prefix: str, **_: Any) -> list[str]:
    """`FILE.py:NAME` for what was typed of it: files and folders, then what the file defines."""
    file, separator, _name = prefix.rpartition(":")
    if separator:
        return [f"{file}:{name}" for name in defined(file)]
    folders = [f"{name}/" for name in glob.glob(f"{prefix}*") if os.path.isdir(name)]
    return [*(f"{name}:" for name in glob.glob(f"{prefix}*.py")), *folders]


def values(prefix: str, parsed_args: Any, **_: Any) -> list[str]:
    """Files of arrays and folders, and `name=` for the parameters of the function."""
    name, separator, start = prefix.rpartition("=")
    places = [f"{place}/" if os.path.isdir(place) else place for place in glob.glob(f"{start}*")]
    found = [f"{name}{separator}{place}" for place in places if place.endswith((*ARRAYS, "/"))]
    return found if separator else [*(f"{known}=" for known in parameters(parsed_args=parsed_args)), *found]


def parameters(prefix: str = "", *, parsed_args: Any, **_: Any) -> list[str]:
    """The names of the parameters of the function."""
    file, _separator, name = str(getattr(parsed_args, "target", None) or "").rpartition(":")
    return defined(file).get(name, [])


def defined(file: str) -> dict[str, list[str]]:
    """The functions of a file and the methods of its classes, each with its parameters; none where it cannot be read."""
    try:
        with open(file, encoding="utf-8") as text:
            return _defined(parse(text.read()).body, "")
    except (OSError, ValueError, SyntaxError):
        return {}


def _defined(body: list[Any], owner: str) -> dict[str, list[str]]:
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            arguments = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            found[f"{owner}{node.name}"] = arguments[1 if owner and arguments[:1] == ["self"] else 0 :]
        elif isinstance(node, ast.ClassDef):
            found |= _defined(node.body, f"{owner}{node.name}.")
    return {name: known for name, known in found.items() if not name.rpartition(".")[2].startswith("_")}
