"""Every place that code comes from, as programs of their own: its text is found, or the error says what to do."""
from __future__ import annotations

import os
import pathlib
import pty
import select
import subprocess
import sys
import time
import types
import zipfile
from typing import Any

import pytest

import s2sad
from tests.oracles import assert_identical

ROOT = pathlib.Path(s2sad.__file__).parent.parent
PROGRAM = """\
from s2sad import grad
def helper(y):
    return y * y
def f(x):
    return helper(x) + x
def scaled(a):
    return lambda x: a * x
if __name__:
    print(grad(f)(3.0), grad(lambda x: 2.0 * x)(1.0), grad(scaled(4.0))(1.0), grad(scaled)(1.0) if 0 else "")
"""
ANSWER = "7.0 2.0 4.0"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "NO_COLOR": "1", "INPUTRC": os.devnull}


def run(*arguments: str, **options: Any) -> str:
    """What Python prints that is started so, errors in it."""
    started = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=ENVIRONMENT, timeout=100, **options)
    return started.stdout + started.stderr


@pytest.mark.parametrize("options", [["-c"], ["-Bc"], ["-W", "ignore", "-X", "dev", "-c"], ["-Wignore", "-Xdev", "-uc"],
                                     ["--check-hash-based-pycs", "never", "-c"]])  # fmt: skip
def test_a_text_on_the_command_line(options: list[str]) -> None:
    assert run(*options, PROGRAM).strip() == ANSWER


def test_a_text_on_the_command_line_behind_its_letter_and_another_one_of_the_same_name() -> None:
    assert run(f"-c{PROGRAM}").strip() == ANSWER
    shown = run("-c", "import s2sad\nscope = {}\nexec('def f(x):\\n    return x * 3.0', scope)\ns2sad.grad(scope['f'])(1.0)")
    assert shown.splitlines()[-2:] == ["s2sad.errors.SourceUnavailable: no source: the source of f() is not available",
        "hint: '<string>' holds no text; define the function in a file, a notebook or a module, or give its text: s2sad.source(f, text)"]


@pytest.mark.parametrize("arguments", [[], ["-"], ["-u", "-"]])
def test_a_file_on_standard_input(arguments: list[str], tmp_path: pathlib.Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    with open(tmp_path / "program.py") as file:
        assert run(*arguments, stdin=file).strip() == ANSWER


def test_a_file_on_standard_input_that_is_edited_and_one_through_a_pipe(tmp_path: pathlib.Path) -> None:
    """What comes through a pipe is read once, and gone."""
    file = tmp_path / "program.py"
    file.write_text(f"{PROGRAM}g = grad(f)\nopen({str(file)!r}, 'w').write('# other')\nprint(g(4.0))\n")
    with open(file) as given:
        assert run(stdin=given).split() == [*ANSWER.split(), "9.0"]
    shown = run("-", input=PROGRAM)
    assert "the source of f() is not available" in shown
    assert f"Python 3.{sys.version_info.minor} does not keep what is typed or piped in; define the function in a file" in shown


def session(*lines: str, code: str = "") -> str:
    """What is on the screen after these lines were typed, in the interpreter or what a text on its command line starts."""
    child, screen = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-q", *(["-c", code] if code else [])], ENVIRONMENT)
    shown = _until_asked(screen)
    for line in lines:
        os.write(screen, f"{line}\n".encode())
        shown += _until_asked(screen)
    os.write(screen, b"raise SystemExit\n")
    os.waitpid(child, 0)
    os.close(screen)
    return shown.replace("\r", "")


def _until_asked(screen: int) -> str:
    shown, end = b"", time.monotonic() + 60
    while not shown.endswith((b">>> ", b"... ", b">>> \x1b[?2004h", b"... \x1b[?2004h")) and time.monotonic() < end:
        if select.select([screen], [], [], 0.1)[0]:
            try:
                shown += os.read(screen, 65536)
            except OSError:  # it has ended
                break
    return shown.decode()


TYPED = ("from s2sad import grad", "grad(lambda x: x * x)(3.0)", "1 / 0", "def f(x):", "    y = x * x", "    return y * x", "",
         "grad(f)(1.0)", "def f(x):", "    return eval('x')", "", "grad(f)(2.0)",
         "[grad(lambda x: k * x)(1.0) for k in (7.0,)]")  # fmt: skip


def test_what_is_typed_at_the_prompt() -> None:
    """From Python 3.13 on the interpreter keeps it; before, `readline` does."""
    if sys.version_info < (3, 13):
        pytest.importorskip("readline", reason="Python was built without readline, which keeps what is typed")
    shown = session(*TYPED)
    assert ("\n6.0\n" in shown) and ("\n3.0\n" in shown) and ("\n[7.0]\n" in shown)
    assert "    2 |     return eval('x')\n      |            ^^^^^^^^^" in shown and ":2:12: unsupported: eval()" in shown


def test_what_is_typed_where_nobody_keeps_it() -> None:
    """A console of the module `code` knows what it runs just now."""
    given = ("text = 'def f(x):\\n    y = x * x\\n    return y * x\\n'", "import s2sad", "grad(s2sad.source(f, text))(2.0)")
    shown = session(*TYPED[:8], *given, code="import code; code.interact('')")
    assert "\n6.0\n" in shown and "\n12.0\n" in shown
    assert "the source of f() is not available" in shown and "or give its text: s2sad.source(f, text)" in shown


@pytest.mark.parametrize("line", ["<stdin>", "<console>", "<input>"])
def test_the_error_speaks_of_the_prompt(line: str) -> None:
    scope: dict[str, Any] = {}
    exec(compile("def f(x):\n    return x\n", line, "exec"), scope)
    with pytest.raises(s2sad.SourceUnavailable, match=r"does not keep what is typed.*s2sad\.source\(f, text\)"):
        s2sad.grad(scope["f"])(1.0)


MAGICS = """\
from s2sad import grad
%timeit -n 2 -r 1 grad(lambda x: x * x)(3.0)
%timeit -n 2 -r 1 a = 3.0; assert grad(lambda x: a * x)(3.0) == 3.0
%time print("one", grad(lambda x: x * x)(3.0))
%time kept = grad(lambda x: x * x)
print("two", kept(4.0))
def cell(name, line, text):
    get_ipython().run_cell_magic(name, line, text)
cell("time", "", "def f(x):\\n    return x * x\\ng = grad(f)\\n")
print("three", g(5.0), grad(f)(6.0))
cell("timeit", "-n 1 -r 1 b = 3.0", "def h(x):\\n    return x * x * b\\nprint('four', grad(h)(4.0))\\n")
cell("prun", "-q", "def f(x):\\n    return x * x * x\\nprint('five', grad(f)(4.0))\\n")
%prun -q print("six", grad(lambda x: x * x)(3.0))
cell("capture", "out", "def f(x):\\n    return x * x\\nprint('seven', grad(f)(4.0))\\n")
print(out.stdout)
%run {file}
%run -t {file}
%run -p {file}
"""


def test_magics_of_ipython(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("IPython", reason="IPython is not installed")
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "magics.ipy").write_text(MAGICS.replace("{file}", str(tmp_path / "program.py")))
    shown = run("-m", "IPython", "--colors=NoColor", "--profile-dir", str(tmp_path / "profile"), str(tmp_path / "magics.ipy"))
    assert "Error" not in shown and "Unavailable" not in shown, shown
    for answer in ("one 6.0", "two 8.0", "three 10.0 12.0", "four 24.0", "five 48.0", "six 6.0", "seven 8.0"):
        assert answer in shown
    assert shown.count(ANSWER) == 3


AUTORELOAD = """\
import pathlib, time
from s2sad import grad, value_and_grad
file = pathlib.Path({file!r})
get_ipython().run_cell("%load_ext autoreload\\n%autoreload 2\\nimport edited_by_hand\\nfrom edited_by_hand import f")
get_ipython().run_cell("g = value_and_grad(f); print('first', g(3.0))")
file.write_text("# above\\n\\ndef f( x ):\\n    return helper(x)*7.0 # seven\\ndef helper(x): return x\\n")
get_ipython().run_cell("print('second', g(3.0), value_and_grad(f)(3.0))")
file.write_text("def helper(x):\\n    return x * x\\ndef f(x):\\n    return helper(x) * 5.0\\n\\n")
get_ipython().run_cell("print('third', g(3.0), value_and_grad(f)(3.0), value_and_grad(edited_by_hand.f)(3.0))")
"""


def test_autoreload_of_ipython(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("IPython", reason="IPython is not installed")
    file = tmp_path / "edited_by_hand.py"
    file.write_text("def f(x):\n    return helper(x) + x\ndef helper(x):\n    return x * x\n")
    (tmp_path / "session.ipy").write_text(AUTORELOAD.replace("{file!r}", repr(str(file))))
    shown = run("-B", "-m", "IPython", "--colors=NoColor", "--profile-dir", str(tmp_path / "profile"), "session.ipy", cwd=tmp_path)
    assert [line for line in shown.splitlines() if line.split()[:1] and line.split()[0] in ("first", "second", "third")] == [
        "first (12.0, 7.0)", "second (21.0, 7.0) (21.0, 7.0)", "third (45.0, 30.0) (45.0, 30.0) (45.0, 30.0)"], shown  # fmt: skip


def test_timeit_and_profilers(tmp_path: pathlib.Path) -> None:
    assert "loops, best of" in run("-m", "timeit", "-n", "2", "-s", "from s2sad import grad; a = 2.0", "grad(lambda x: a * x)(3.0)")
    timed = "import timeit, s2sad; timeit.timeit('print(s2sad.grad(lambda x: x * x)(3.0))', number=1, globals=globals())"
    profiled = "import cProfile, s2sad; cProfile.run('print(s2sad.grad(lambda x: x * x)(3.0))', '/dev/null')"
    assert run("-c", timed).strip() == run("-c", profiled).strip() == "6.0"
    (tmp_path / "program.py").write_text(PROGRAM)
    assert ANSWER in run("-m", "cProfile", "-o", os.devnull, str(tmp_path / "program.py"))
    assert run("-m", "pdb", "-c", "continue", "-c", "quit", str(tmp_path / "program.py")).count(ANSWER) >= 1


DOCTEST = '''"""
>>> import s2sad
>>> def f(x):
...     return x * x
>>> s2sad.grad(f)(3.0)
6.0
>>> kept = s2sad.grad(lambda x: f(x) * x)
>>> kept(1.0)
3.0
"""
import doctest
tests = doctest.DocTestFinder().find(__import__("sys").modules["__main__"])
scope = tests[0].globs
result = doctest.DocTestRunner().run(tests[0], clear_globs=False)
later = scope["s2sad"].grad(lambda x: scope["kept"](x) + scope["f"](x))(2.0)
print(result.attempted, result.failed, later)
'''


def test_doctests_and_what_they_have_defined(tmp_path: pathlib.Path) -> None:
    (tmp_path / "documented.py").write_text(DOCTEST)
    assert run(str(tmp_path / "documented.py")).strip() == "5 0 16.0"


PYTEST = """\
'''A file with a docstring, over\n\ntwo lines.'''
import s2sad

def f(x):
    y = x * x
    assert y > 0.0 and x != 0.0, "no zero"
    return y

def test_f():
    def inner(x):
        assert x
        return 2.0 * x
    assert s2sad.grad(f)(3.0) == 6.0
    assert s2sad.grad(inner)(3.0) == 2.0
    assert s2sad.grad(lambda x: f(x) * 2.0)(3.0) == 12.0
"""
CHANGED = """
import pathlib
def test_changed():
    file = pathlib.Path(__file__)
    file.write_text(file.read_text().replace("y = x * x", "y = x * 2"))
    try:
        s2sad.grad(f)(3.0)
    except s2sad.SourceUnavailable as error:
        print("refused", error)
"""


def test_asserts_that_pytest_has_rewritten(tmp_path: pathlib.Path) -> None:
    """By pytest itself once more, so that a function whose text has changed is not taken for another one."""
    (tmp_path / "test_rewritten.py").write_text(PYTEST)
    (tmp_path / "test_edited.py").write_text(PYTEST[: PYTEST.index("def test_f")] + CHANGED)
    shown = run("-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", str(tmp_path))
    assert "2 passed" in shown and "refused" in shown and "changed since it was compiled" in shown, shown


def test_an_archive(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("from_an_archive.py", PROGRAM.replace("print(", "answer = ("))
    monkeypatch.syspath_prepend(str(tmp_path / "archive.zip"))
    import from_an_archive

    assert from_an_archive.answer[:3] == (7.0, 2.0, 4.0)
    with pytest.raises(s2sad.SourceUnavailable):
        s2sad.grad(types.FunctionType(compile("def f(x): return x", "nowhere.zip/m.py", "exec").co_consts[0], {}))(1.0)


CELLS = ["/tmp/marimo_4711/__marimo__cell_Hbol_.py", "<ipython-input-3-f4b2a7>", "/tmp/ipykernel_17/3141592.py", "<pyshell#3>",
         "<bpython-input-7>"]  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_cells_and_prompts_that_have_an_entry_in_linecache(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As marimo, Colab, Jupyter, IDLE's shell and bpython make it. Another text of the same name takes its place, and the first is kept."""
    import linecache

    derived = []
    for factor in (2.0, 3.0):
        text, scope = f"def f(x):\n    return x * {factor}\n", dict[str, Any]()
        monkeypatch.setitem(linecache.cache, name, (len(text), None, text.splitlines(True), name))
        exec(compile(text, name, "exec"), scope)
        derived.append(s2sad.value_and_grad(scope["f"]))
    monkeypatch.delitem(linecache.cache, name)
    for factor, each in zip((2.0, 3.0), derived, strict=True):
        assert_identical(each(1.0), (factor, factor))


IDLE = """\
import idlelib, linecache, s2sad
idlelib.testing = True
import idlelib.run
text = "g = s2sad.grad(lambda x: x * x)\\nprint(g(3.0))\\n"
class Other:
    def remotecall(self, name, method, args, options):
        print(name, method, args, options)
        return text.splitlines(True)
    def __getattr__(self, name):
        raise AttributeError(name)
shell = idlelib.run.Executive(Other())
shell.locals = globals()
idlelib.run.Executive.runcode(shell, compile(text, "<pyshell#7>", "exec"))
"""


def test_what_is_typed_in_idle_is_asked_of_its_other_process() -> None:
    pytest.importorskip("tkinter", reason="IDLE is there where Python has tkinter")
    assert run("-c", IDLE).splitlines() == ["linecache getlines ('<pyshell#7>',) {}", "6.0"]


@pytest.mark.parametrize("package", ["_pydev_bundle.pydev_code_executor", "_pydevd_bundle.pydevconsole_code", "pydevconsole", "code"])
def test_a_console_knows_what_it_runs_just_now(package: str) -> None:
    """As PyCharm's does, which compiles a text in a method that has it as an argument."""
    console: dict[str, Any] = {"__name__": package}
    exec("def runsource(source, scope):\n    exec(compile(source, '<input>', 'exec'), scope)\n", console)
    scope: dict[str, Any] = {"s2sad": s2sad}
    console["runsource"]("g = s2sad.value_and_grad(lambda x: x * x)\ndef f(x):\n    return g(x)[0] * 2.0\nh = s2sad.grad(f)\n", scope)
    assert scope["g"](3.0) == (9.0, 6.0) and scope["h"](3.0) == 12.0
