"""The texts of functions, taken when a function is decorated or first seen, and kept.

For a file may be edited while a program runs. Which text is the right one is not asked here: nothing is parsed before a derivative is
called, and then code is compared (`front.lookup`).
"""
from __future__ import annotations

import linecache
import os
import types
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from s2sad.loading import at_first_use
from s2sad.runtime import asking

if TYPE_CHECKING:
    from s2sad import unkept
else:
    unkept = at_first_use("s2sad.unkept")

Lines = list[str]  # of a file, each with its end; nobody changes one
FILES_KEPT, TEXTS_KEPT = 128, 8  # of the texts of each file those that were read last, whether there are functions of them or not
_marks: dict[str, Any] = {}  # what a file was like when it was read last
_texts: dict[str, list[Lines]] = {}  # of each file, the last one first
_taken: dict[int, tuple[weakref.ref[types.CodeType], tuple[Lines, ...]]] = {}  # by the identity of the code


def seen(function: Any) -> None:
    """Take the text of the function that a callable stands for, if it is written in Python."""
    inner = innermost(function)
    if isinstance(inner, types.FunctionType):
        take(inner.__code__, inner.__globals__)


def innermost(function: Any) -> Any:
    """The function that a partial, a method, a wrapper or a callable object stands for."""
    for _ in range(WRAPPERS):
        wrapped = asking.attribute(function, "__wrapped__")
        if type(function) is types.FunctionType and wrapped is None:
            break
        inner = [wrapped, *(asking.attribute(function, name) for name in ("__func__", "func"))]
        function = next((i for i in inner if i is not None), asking.attribute(type(function), "__call__"))
    return function


WRAPPERS = 16  # around a function, beyond which nobody looks for it


def take(code: types.CodeType, module_globals: dict[str, Any] | None) -> None:
    """Keep the text of the file that code is from, as it reads now, as long as there is the code."""
    if id(code) not in _taken:
        file = code.co_filename
        lines = now(file, module_globals)
        found = [lines] if lines else []
        if file == "<string>" or (file.startswith("<") and not lines):  # which many texts are called
            found += unkept.texts(file)
        if found:
            keep(code, tuple(found))


def keep(code: types.CodeType, texts: tuple[Lines, ...]) -> None:
    """Keep texts for code, one of which is the one that it is from."""
    key = id(code)
    _taken[key] = weakref.ref(code, lambda _: _taken.pop(key, None)), texts


def now(file: str, module_globals: dict[str, Any] | None = None) -> Lines:
    """The lines of a file as it reads now; none where there is no text."""
    known = linecache.cache.get(file)
    if not file.startswith("<") and (known is None or len(known) == 1 or known[1] is not None):
        try:
            found = os.stat(file)
        except (OSError, ValueError):  # it lies in an archive, or is no file at all
            pass
        else:
            return _read(file, (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino), module_globals)
    return _noted(file, linecache.getlines(file, module_globals))


def _read(file: str, mark: Any, module_globals: dict[str, Any] | None) -> Lines:
    if _marks.get(file) != mark or file not in _texts:
        _noted(file, linecache.updatecache(file, module_globals))
        _marks[file] = mark
    return _texts[file][0] if file in _texts else []


def _noted(file: str, lines: Lines) -> Lines:
    """The same lines, as the last text of a file."""
    texts = _texts.pop(file, [])
    same = next((text for text in texts if text is lines or text == lines), lines)
    if same:
        while len(_texts) >= FILES_KEPT:
            _marks.pop(oldest := next(iter(_texts)), None)
            _texts.pop(oldest, None)
        _texts[file] = [same, *(text for text in texts if text is not same)][:TEXTS_KEPT]
    return same


def candidates(code: types.CodeType, file: str, module_globals: dict[str, Any] | None) -> Iterator[Lines]:
    """The texts that code may be from, the likeliest first: the one taken for it, the file as it reads now, as it read before, and read
    once more, for a file may be edited without a trace."""
    take(code, module_globals)
    known = [*_taken[id(code)][1]] if id(code) in _taken else []
    yield from known
    yield from (text for text in (now(file, module_globals), *_texts.get(file, ())) if text and not any(text is k for k in known))
    if file in _marks:
        known = [*_texts.get(file, ())]
        fresh = _noted(file, linecache.updatecache(file, module_globals))
        yield from () if any(fresh is k for k in known) else (fresh,)
