"""Files that are edited while a program runs: the text of a function is the one that it was compiled from, or it is refused."""
from __future__ import annotations

import gc
import importlib
import itertools
import linecache
import os
import pathlib
import pickle
import sys
import types
from collections.abc import Callable

import numpy as np
import pytest

import s2sad
from s2sad import texts
from s2sad.errors import Location
from tests.oracles import assert_identical

numbers = itertools.count()
Load = Callable[[str], types.ModuleType]


@pytest.fixture
def load(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Writes a module, which is loaded from its file; `edit` writes another text into that."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def loading(text: str) -> types.ModuleType:
        name = f"edited_module_{next(numbers)}"
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    return loading


def edit(module: types.ModuleType, text: str, trace: bool = True) -> None:
    """Write another text into the file of a module; without a trace, its size and the time it was written at are as before."""
    file = pathlib.Path(str(module.__file__))
    before = file.stat()
    file.write_text(text)
    if not trace:
        assert file.stat().st_size == before.st_size
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


SQUARE, CUBE = "def f(x):\n    return x * x\n", "def f(x):\n    return x ** 3\n"
TWICE, THRICE = "def f(x):\n    return 2.0 * x\n", "def f(x):\n    return 3.0 * x\n"


@pytest.mark.parametrize("trace", [True, False])
def test_a_module_is_loaded_anew_after_an_edit(load: Load, trace: bool) -> None:
    module = load(TWICE)
    old = module.f
    assert s2sad.grad(old)(5.0) == 2.0
    edit(module, THRICE, trace)
    assert s2sad.value_and_grad(old)(5.0) == (10.0, 2.0)
    importlib.reload(module)
    assert module.f(1.0) == 3.0
    assert s2sad.value_and_grad(module.f)(5.0) == (15.0, 3.0)
    assert s2sad.value_and_grad(old, control="keep")(5.0) == (10.0, 2.0)


@pytest.mark.parametrize("trace", [True, False])
def test_a_file_is_edited_before_the_first_call_of_a_gradient(load: Load, trace: bool) -> None:
    """The text is that of the moment at which the function was decorated."""
    module = load(f"import s2sad\n@s2sad.value_and_grad\n{TWICE}")
    edit(module, f"import s2sad\n@s2sad.value_and_grad\n{THRICE}", trace)
    assert module.f(5.0) == (10.0, 2.0)


def test_a_file_is_edited_many_times_and_each_gradient_is_of_its_own_text(load: Load) -> None:
    module = load("def f(x):\n    return 1.0 * x\n")
    derived = [s2sad.grad(module.f)]
    for k in range(2, 2 * texts.TEXTS_KEPT):
        edit(module, f"{'# more' + chr(10) if k % 2 else ''}def f(x):\n    return {k}.0 * x\n")
        derived.append(s2sad.grad(importlib.reload(module).f))
    assert [d(1.0) for d in derived] == [float(k) for k in range(1, 2 * texts.TEXTS_KEPT)]


def test_a_file_is_gone(load: Load) -> None:
    module = load(SQUARE)
    derived = s2sad.grad(module.f)
    os.remove(str(module.__file__))
    assert derived(3.0) == 6.0


@pytest.mark.parametrize("above", ["# a line\n" * 3, "import os\n\n\ndef g(x):\n    return x\n\n\n", f"{CUBE}\n\n"])
def test_lines_are_added_above_a_function_that_nobody_has_seen(load: Load, above: str) -> None:
    """Also a function of the same name, which is another one."""
    module = load(f"import math\n\n\n{SQUARE}half = lambda x: (lambda y: y * 0.5)(x)\n")
    edit(module, f"{above}import math\n\n\n{SQUARE}half = lambda x: (lambda y: y * 0.5)(x)\n")
    assert s2sad.value_and_grad(module.f)(3.0) == (9.0, 6.0)
    assert s2sad.value_and_grad(module.half)(3.0) == (1.5, 0.5)


def test_a_helper_moves_before_it_is_first_seen(load: Load) -> None:
    helpers = load(f"import numpy as np\n{SQUARE}")
    derived = s2sad.grad(lambda x: helpers.f(x) * 2.0)
    edit(helpers, f"import numpy as np\n{CUBE}\n{SQUARE}")
    assert derived(3.0) == 12.0


def test_another_part_of_a_file_no_longer_parses(load: Load) -> None:
    module = load(SQUARE)
    edit(module, f"def g(:\n    pass\n\n\n{SQUARE}")
    assert s2sad.grad(module.f)(3.0) == 6.0


def test_a_function_whose_own_text_is_gone_is_refused(load: Load) -> None:
    """No line of another text is shown for it, and its place is that of now."""
    module = load(f"import math\n{SQUARE}")
    edit(module, f"import math\n{CUBE}")
    for _ in range(2):
        with pytest.raises(s2sad.SourceUnavailable, match="changed since it was compiled") as caught:
            s2sad.grad(module.f)(3.0)
        assert "return" not in str(caught.value) and "def f" not in str(caught.value)
        assert "reload" in caught.value.hint and "s2sad.source(f, text)" in caught.value.hint
    assert s2sad.grad(s2sad.source(module.f, SQUARE))(3.0) == 6.0


REFUSED = "import s2sad\n{}\n@s2sad.grad\ndef f(x):\n    y = x * x\n    return eval('y')\n"


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_an_error_shows_the_line_of_the_function_and_not_that_of_the_file(load: Load, control: str) -> None:
    module = load(REFUSED.format("# before"))
    edit(module, REFUSED.format("# quite\n# other\n# lines"))
    with pytest.raises(s2sad.UnsupportedSyntax) as caught:
        s2sad.grad(module.f.function, control=control)(2.0)  # type: ignore[call-overload]
    place, line, carets, _ = str(caught.value).splitlines()
    assert place.startswith(f"{module.__file__}:6:12: ")
    assert line == "    6 |     return eval('y')" and carets == "      |            ^^^^^^^^^"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert len(pickle.dumps(caught.value.location)) < 1000


@pytest.mark.parametrize("control", ["record", "keep"])
def test_an_error_in_the_middle_of_a_call_shows_the_line_of_the_function(load: Load, control: str) -> None:
    text = "import numpy as np\n{}def f(x):\n    y = x * 2.0\n    return np.sum(x.strides) + y\n"
    module = load(text.format(""))
    derived = s2sad.grad(module.f, control=control)  # type: ignore[call-overload]
    edit(module, text.format("# one\n# two\n"))
    with pytest.raises(s2sad.MissingRule) as caught:
        derived(np.ones(2))
    assert "    4 |     return np.sum(x.strides) + y" in str(caught.value).splitlines()


def test_comments_of_generated_code_show_the_lines_of_the_function(load: Load) -> None:
    module = load("def f(x):\n    return (x *\n            x)\n")
    derived = s2sad.grad(module.f)
    edit(module, "\n\n\n\ndef f(x):\n    return 1\n")
    assert derived(3.0) == 6.0
    assert ":2  return (x *" in derived.source


def test_an_error_shows_where_a_function_stands_that_has_moved(load: Load) -> None:
    module = load("def f(x):\n    return eval('x')\n")
    edit(module, "# above\n\ndef f(x):\n    return eval('x')\n")
    with pytest.raises(s2sad.UnsupportedSyntax, match=r"    4 \|     return eval\('x'\)\n      \|            \^{9}\n"):
        s2sad.grad(module.f)(1.0)


def test_a_place_without_a_text_shows_the_file_as_it_reads_now(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "shown.py"
    file.write_text("one\ntwo\n")
    assert Location(str(file), 2).text() == "two"
    assert Location(str(file), 3).text() == Location(str(file), 2, lines=()).text() == ""
    assert Location(str(file), 2, lines=["a\n", "b\n"]).text() == "b"


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_the_code_of_a_function_is_replaced_as_autoreload_does(load: Load, control: str) -> None:
    """`%autoreload` gives old functions the code of the new ones, in place."""
    module = load("def f(x):\n    for _ in range(20):\n        x = x + helper(x)\n    return x\ndef helper(x):\n    return x * 0.0\n")
    old, helper = module.f, module.helper
    derived = s2sad.value_and_grad(old, control=control)  # type: ignore[call-overload]
    assert_identical(derived(3.0), (3.0, 1.0))
    text = "# above\ndef f(x, n=2):\n    for _ in range(n):\n        x = x * helper(x)\n    return x\ndef helper(x):\n    return 2.0\n"
    edit(module, text)
    importlib.reload(module)
    for one, other in ((old, module.f), (helper, module.helper)):
        one.__code__, one.__defaults__ = other.__code__, other.__defaults__
    for _ in range(2):
        assert_identical(derived(3.0), (12.0, 4.0))


def test_decorating_reads_a_file_once_and_parses_nothing(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    update = linecache.updatecache
    monkeypatch.setattr(linecache, "updatecache", lambda file, *rest: read.append(file) or update(file, *rest))
    monkeypatch.setattr("s2sad.parsing.parse", None)
    functions = "".join(f"@s2sad.grad\ndef f{k}(x):\n    return x * {k}.0\n" for k in range(50))
    module = load(f"import s2sad\n{functions}")
    assert read == [module.__file__]


def test_a_text_goes_with_its_functions(load: Load) -> None:
    module = load(SQUARE)
    code = module.f.__code__
    s2sad.grad(module.f)
    key = id(code)
    assert key in texts._taken
    del module.f, code
    gc.collect()
    assert key not in texts._taken
