"""Machine code is read from the disk by the next process, if it is the right one; whatever is wrong with the disk, it is compiled."""

from __future__ import annotations

import json
import pathlib
import sys
import types
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from s2sad.native import files, on_disk, store
from tests.native.fresh import anew, fresh, hits, place_fixture, printed, started  # noqa: F401

pytest.importorskip("numba")
TEXT = """
import math


def scaled(x, factor):
    if factor < 0.0:
        raise ValueError("negative")
    return x + x, math.exp(factor)
"""
USE = f"""
import numpy as np
from s2sad.native.store import compiled
scaled = compiled({TEXT!r}, "scaled")
array, factor = scaled(np.array([1.0, 2.0]), 0.0)
print(array.tolist(), factor, sum(scaled.stats.cache_hits.values()))
"""
RIGHT, X = "[2.0, 4.0] 1.0", np.array([1.0, 2.0])


def scaled(**options: Any) -> Any:
    """The function in the next process, called once."""
    found = anew(TEXT, "scaled", **options)
    array, factor = found(X, 0.0)
    assert array.tolist() == [2.0, 4.0] and factor == 1.0
    return found


def stored(place: pathlib.Path) -> list[pathlib.Path]:
    return sorted(place.iterdir())


def test_the_next_process_reads_what_this_one_compiled(place: pathlib.Path) -> None:
    assert hits(scaled(title="my function")) == 0
    (file,) = stored(place)
    header = files.entries(place)[0].header
    assert (header["title"], header["types"]) == ("my function", "array(float64, 1d, C), float64")
    assert {"s2sad", "numba", "llvmlite", "numpy", "python", "made"} < header.keys()
    prepared = "import sys; print(*({'scipy.linalg', 'numba.np.arrayobj', 'numba.np.linalg'} & set(sys.modules)), runtime._init)"
    counting = "from numba.core.runtime import rtsys as runtime"
    first = fresh(counting, USE, prepared, S2SAD_CACHE_DIR=str(place))
    assert first == [f"{RIGHT} 1", "False"], "Numba has not loaded what compiling takes"
    compiling = "import numba; print(numba.njit(lambda x: np.zeros(3) + scaled(x, 0.0)[0].sum())(np.ones(2)).sum())"
    again = fresh(counting, USE, compiling, "print(runtime._init)", S2SAD_CACHE_DIR=str(place))
    assert again == [f"{RIGHT} 1", "12.0", "True"], "which is loaded, and used beside it, when something is compiled"
    found = scaled()
    assert hits(found) == 1 and stored(place) == [file]
    with pytest.raises(ValueError, match="negative"):
        found(X, -1.0)
    assert found(X.astype("f4"), 0.0)[0].dtype == np.float32, "the other types are compiled beside it"
    assert len(stored(place)) == 2 and hits(scaled()) == 1


@pytest.mark.sampled(4)
def test_processes_that_start_at_once_share_a_directory(place: pathlib.Path) -> None:
    running = [started(USE, S2SAD_CACHE_DIR=str(place)) for _ in range(3)]
    assert {line.rpartition(" ")[0] for process in running for line in printed(process)} == {RIGHT}
    assert [file.suffix for file in stored(place)] == [".code"] and hits(scaled()) == 1


# What is wrong with a file


def rewritten(file: pathlib.Path, content: bytes, **told: Any) -> None:
    """A file that is as it was written, with other contents."""
    header = {**json.loads(file.read_bytes().split(b"\n")[2]), **told}
    rest = json.dumps(header).encode() + b"\n" + content
    file.write_bytes(b"\n".join([files.FORMAT.strip(), sha256(rest).hexdigest().encode(), rest]))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("content", [None, b"", b"no pickle", b"cno_such_module\nthing\n.", b"N."])
def test_a_damaged_file_is_compiled_and_written_anew(place: pathlib.Path, content: bytes | None) -> None:
    scaled()
    (file,) = stored(place)
    if content is None:
        file.write_bytes(file.read_bytes()[:-100])
    else:
        rewritten(file, content)
    assert hits(scaled()) == 0 and hits(scaled()) == 1


def test_a_file_of_other_types_is_not_taken(place: pathlib.Path) -> None:
    """Nor under its name: a file tells what it is of."""
    scaled()(X.astype("f4"), 0.0)
    one, two = stored(place)
    one.write_bytes(two.read_bytes())
    two.write_bytes(one.read_bytes())
    found = anew(TEXT, "scaled")
    assert (found(X, 0.0)[0].dtype, found(X.astype("f4"), 0.0)[0].dtype) == (np.float64, np.float32)
    assert hits(found) == 1


def test_what_calls_what_is_not_there_is_compiled(place: pathlib.Path) -> None:
    """Linking it would end the process."""
    scaled()
    (file,) = stored(place)
    whole = files.read(place, file.stem)
    assert whole is not None and "NRT_adapt_ndarray_from_python" in whole[0]["calls"]
    rewritten(file, whole[1], calls=["no_such_function"])
    assert hits(scaled()) == 0 and hits(scaled()) == 1


# What machine code follows from


@pytest.mark.sampled(1)
@pytest.mark.parametrize("change", ["__version__", "numpy", "python", "setting", "processor", "options", "text"])
def test_another_version_processor_option_or_text_has_files_of_its_own(
    place: pathlib.Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:  # fmt: skip
    import numba
    from numba.core.codegen import CPUCodegen

    scaled()
    with monkeypatch.context() as context:
        if change == "__version__":
            context.setattr(on_disk, "__version__", "99")
        elif change == "numpy":
            context.setattr(np, "__version__", "9.9.1")
        elif change == "python":
            context.setattr("platform.python_version", lambda: "3.99.0")
        elif change == "setting":
            context.setattr(numba.config, "LOOP_VECTORIZE", 0)
        elif change == "processor":
            context.setattr(CPUCodegen, "magic_tuple", lambda self: ("x", "y", "z"))
        options = {"fastmath": frozenset()} if change == "options" else {}
        other = anew(TEXT + "\n" * (change == "text"), "scaled", **options)
        other(X, 0.0)
        assert hits(other) == 0 and len(stored(place)) == 2
    assert hits(scaled()) == 1


def test_the_text_of_a_module_of_ours_that_it_calls_counts(
    place: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """It may call plain functions of the package, which call one another."""
    text = "from s2sad.native.for_a_test import more\n\n\ndef most(x):\n    return more(x) + 1.0\n"
    for factor, hit in ((2.0, 0), (2.0, 1), (3.0, 0)):
        helpers = types.ModuleType("s2sad.native.for_a_test")
        helpers.__file__ = str(tmp_path / "for_a_test.py")
        source = f"def twice(x):\n    return {factor} * x\n\n\ndef more(x):\n    return twice(x)\n"
        (tmp_path / "for_a_test.py").write_text(source)
        exec(source, helpers.__dict__)
        monkeypatch.setitem(sys.modules, helpers.__name__, helpers)
        monkeypatch.setattr("s2sad.native.store._jitable_modules", set())
        found = anew(text, "most")
        assert found(5.0) == factor * 5.0 + 1.0 and hits(found) == hit


def test_comments_do_not_count(place: pathlib.Path) -> None:
    """They hold the user's lines with their numbers."""
    text = "def value(x):\n    # here.py:{}  return x\n    return x + {}\n"
    for number, more, hit in ((1, 1.0, 0), (2, 1.0, 1), (2, 2.0, 0)):
        found = anew(text.format(number, more), "value")
        assert found(1.0) == 1.0 + more and hits(found) == hit
    quoted = "x = '# one'\n", 'x = """\n# one\n"""\n', "x = '''\n# one\n'''\n"
    assert [store.said(text) for text in quoted] == [*quoted]


# Where nothing is stored


def test_a_directory_that_cannot_be_made_is_no_error(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write_text("a file")
    assert hits(scaled()) == 0
    monkeypatch.setenv("S2SAD_CACHE_DIR", "")
    assert hits(scaled()) == 0 and scaled().stats.cache_path is None


@pytest.mark.sampled(1)
@pytest.mark.parametrize("missing", ["numba.core.compiler.CompileResult._reduce", "numba.core.compiler.CompileResult._rebuild",
                                     "numba.core.caching.NullCache.load_overload", "numba.core.runtime.rtsys"])  # fmt: skip
def test_a_numba_that_works_otherwise_stores_nothing(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    if not missing.endswith("_reduce"):
        scaled()
    monkeypatch.delattr(missing)
    if missing.endswith("load_overload"):
        monkeypatch.setattr("numba.core.dispatcher.NullCache", lambda: None)
    found = anew(TEXT, "scaled")
    if missing.endswith("load_overload"):
        assert found._cache is None
    else:
        found(X, 0.0)
        assert hits(found) == 0 or missing.endswith("rtsys")


def test_types_of_this_process_are_not_stored(place: pathlib.Path) -> None:
    import numba

    half = numba.njit(lambda x: x / 2)
    assert anew("def applied(f, x):\n    return f(x)\n", "applied")(half, 3.0) == 1.5
    assert not place.exists()


# What is stored works


PROGRAMS = '''
import math
import numpy as np
from numba import prange


def solved(a, b):
    """LAPACK and BLAS."""
    return np.linalg.solve(a, b) @ np.dot(a, b)


def sizes(n):
    """Arrays, lists and dicts that are made."""
    found, known = [0.5], {0: 1.0}
    for i in range(n):
        found.append(np.sum(np.arange(i) ** 2.0))
        known[i] = found[-1]
    return len(known), np.array(found), (np.zeros((2, n)), math.gamma(float(n)))


def drawn(seed):
    np.random.seed(seed)
    return np.random.rand() < 1.0, np.random.normal() == 0.0


def checked(x):
    for i in range(len(x)):
        if x[i] < 0:
            raise ArithmeticError("below", i)
    return x[1:].copy()
'''
PARALLEL = """
import numpy as np
from numba import prange


def summed(x):
    s = 0.0
    for i in prange(x.shape[0]):
        s += x[i]
    return s
"""
CALLS = f"""
import numpy as np
from s2sad.native.store import compiled
made = []
def function(name, text={PROGRAMS!r}, **options):
    made.append(compiled(text, name, **options))
    return made[-1]
print(function("solved")(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0])))
print(*function("sizes")(3))
print(*function("drawn")(1))
checked = function("checked")
print(checked(np.arange(3.0)))
try: checked(np.array([1.0, -1.0]))
except ArithmeticError as error: print(error.args)
print(made[0](np.array([[2.0, 1.0], [1.0, 3.0]], dtype="f4"), np.ones(2, dtype="f4")))
print(function("summed", {PARALLEL!r}, parallel=True)(np.ones(1000)))
"""


@pytest.mark.sampled(8)
def test_blas_lists_exceptions_random_numbers_and_threads_come_from_the_disk(place: pathlib.Path) -> None:
    count = "print([sum(f.stats.cache_hits.values()) for f in made])"
    first, second = (fresh(CALLS, count, S2SAD_CACHE_DIR=str(place), NUMBA_NUM_THREADS="2") for _ in range(2))
    assert first[:-1] == second[:-1] and "('below', 1)" in first and "1000.0" in first
    assert (first[-1], second[-1]) == ("[0, 0, 0, 0, 0]", "[2, 1, 1, 1, 1]")


MODEL = """
import math
import numpy as np
from s2sad import backend, value_and_grad


def loss(w, x, bound):
    y = np.tanh(x @ w)
    s = 0.0
    for i in range(len(y)):
        z = max(y[i], bound)
        if z > 0.1:
            s += math.exp(z)
        else:
            s -= z * w[0]
    return s
"""
GRADIENTS = """
import numpy as np, model
from s2sad.native import store
value, gradient = model.value_and_grad(model.loss, argnums=(0, 2), backend="numba")(np.array([0.5, -0.3]), np.eye(3, 2), 0.05)
print(value, *gradient[0], gradient[1])
print([sum(made.stats.cache_hits.values()) for made in store._made.values()])
"""


@pytest.mark.sampled(4)
def test_a_gradient_is_read_by_the_next_process_also_from_another_place_in_its_file(place: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """Its text is the same in every process, whatever the order of sets there."""
    found = []
    for seed, lines in (("1", ""), ("2", "\n\n")):
        (tmp_path / "model.py").write_text(lines + MODEL)
        path = f"import sys; sys.path.insert(0, {str(tmp_path)!r})"
        found.append(fresh(path, GRADIENTS, S2SAD_CACHE_DIR=str(place), PYTHONHASHSEED=seed, PYTHONDONTWRITEBYTECODE="1"))
    assert found[0][0] == found[1][0] and (found[0][1], found[1][1]) == ("[0]", "[1]")
