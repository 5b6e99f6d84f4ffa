"""How strong the tests are: small faults in the product, made one at a time in a copy of the tree, and whether the tests find each.

    python -m tests.mutants               which faults the quick suite finds
    python -m tests.mutants --all         the same, and whether the whole suite finds the others
    python -m tests.mutants --only NAME   one fault, anew; may be given several times
    python -m tests.mutants --list        the faults, and where each of them is made
    python -m tests.mutants --write       also write what is known to docs/mutants.md

The tests that are likely to find a fault run first, as far as the suite selects them, then the rest of it. A test that fails without the
fault as well finds nothing. What the quick suite takes of long families of tests is one sample, that of the present commit or the one
that S2SAD_SAMPLE names. What is known is kept in a file, so that a run that was broken off goes on; `--anew` forgets it. Where the text
that a fault changes is not there exactly once, it is stale, and has to be written anew.
"""
from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests import sampling
from tests.mutants_known import FAULTS, Fault

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "mutants.md"
KNOWN = Path(tempfile.gettempdir()) / "s2sad-mutants.json"
LIMITS = {"likely": 600, "quick": 1200, "whole": 3600}  # seconds
LOOKING_AT_TEXT = ("test_layout.py", "test_mutants.py")  # they may find that the text of a module is another one, which is no merit
SUITES = {"quick": ["--quick"], "whole": ["--all"]}
NOTHING_FAILED = (0, 5)  # what pytest ends with where all pass, or none is selected


class Stale(Exception):
    """A fault cannot be made: the text that it changes is not there, or is there more than once."""


@dataclass(frozen=True)
class Found:
    """What is known of a fault: whether each suite finds it, None where it was not tried, and the test that does."""

    old: str
    new: str
    quick: bool | None = None
    whole: bool | None = None
    test: str = ""


# Making a fault


def place(root: Path, fault: Fault) -> tuple[Path, int]:
    """The file and the position in it of the text that a fault changes."""
    found = [(path, at) for path in sorted((root / "s2sad").rglob("*.py")) for at in _positions(path.read_text(), fault)]
    if len(found) != 1:
        raise Stale(f"{fault.name}: {fault.old!r} is there {len(found)} times" + (f" in {fault.inside}" if fault.inside else ""))
    return found[0]


def _positions(text: str, fault: Fault) -> Iterator[int]:
    spans = list(_spans(text, fault.inside)) if fault.inside and fault.old in text else [(0, len(text))]
    for match in re.finditer(re.escape(fault.old), text):
        if any(start <= match.start() < end for start, end in spans):
            yield match.start()


def _spans(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where definitions of a name begin and end."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            yield starts[node.lineno - 1], starts[node.end_lineno or node.lineno]


class Tree:
    """A copy of the tree, in which faults are made."""

    def __init__(self, folder: str) -> None:
        self.root = Path(folder)
        names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
        for name in names.stdout.splitlines():
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.root / name)
        self.broken: list[str] = []  # tests that fail without any fault

    def make(self, fault: Fault) -> Path:
        path, at = place(self.root, fault)
        text = path.read_text()
        _rewrite(path, text[:at] + fault.new + text[at + len(fault.old) :])
        return path

    def undo(self, path: Path) -> None:
        _rewrite(path, (ROOT / path.relative_to(self.root)).read_text())

    def tests(self, kind: str, *selected: str) -> str:
        """The first of the tests that fails; empty where none does, or it takes too long."""
        ignored = [f"--ignore={p.relative_to(self.root)}" for n in LOOKING_AT_TEXT for p in (self.root / "tests").rglob(n)]
        command = [sys.executable, "-m", "pytest", "-x", "-rfE", "--tb=no", "-p", "no:cacheprovider", *ignored, *selected]
        command += [f"--deselect={test}" for test in self.broken]
        status, text = _run(command, self.root, LIMITS[kind])
        if status in NOTHING_FAILED or status is None:
            return ""
        failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", text, re.MULTILINE)
        if failed is None:
            raise SystemExit(f"{' '.join(command)}\nended with {status}:\n{text[-3000:]}")
        return failed[1]


def _rewrite(path: Path, text: str) -> None:
    path.write_text(text)
    for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*"):  # Python compares times in seconds, and sizes
        cached.unlink()


def _run(command: list[str], folder: Path, limit: int) -> tuple[int | None, str]:
    """The status and the output of a command; no status where it takes too long."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "S2SAD_SAMPLE": str(sampling.number())}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          start_new_session=True) as process:  # fmt: skip
        try:
            text = process.communicate(timeout=limit)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, ""
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return process.returncode, text


# Finding it


def found(tree: Tree, fault: Fault, known: Found, whole: bool) -> Found:
    """What is known of a fault when the suites have been run that are not known to find it, or not to."""
    if known.quick is None:
        test = first_failure(tree, fault, "quick")
        known = Found(fault.old, fault.new, bool(test), True if test else None, test)
    if whole and known.whole is None:
        test = first_failure(tree, fault, "whole")
        known = Found(fault.old, fault.new, False, bool(test), test)
    return known


def first_failure(tree: Tree, fault: Fault, kind: str) -> str:
    """The first test of a suite that finds a fault; empty where none does."""
    options = SUITES[kind]
    for step, selected in (("likely", [*likely(tree, fault), "-n", "0", *options]), (kind, options)):
        while test := with_fault(tree, fault, step, selected):
            if not tree.tests("likely", test, "-n", "0", "--all"):
                return test
            tree.broken.append(test)
            print(f"    {test} fails without the fault as well", flush=True)
    return ""


def likely(tree: Tree, fault: Fault) -> Iterator[str]:
    """The files of the tests that are likely to find a fault, and options of pytest that choose among their tests."""
    for name in fault.likely:
        yield from [name] if name.startswith("-") else [str(p.relative_to(tree.root)) for p in sorted((tree.root / "tests").rglob(name))]


def with_fault(tree: Tree, fault: Fault, kind: str, selected: Sequence[str]) -> str:
    path = tree.make(fault)
    try:
        return tree.tests(kind, *selected)
    finally:
        tree.undo(path)


# What is known


def load(anew: Sequence[str] = ()) -> dict[str, Found]:
    known = {name: Found(**each) for name, each in json.loads(KNOWN.read_text()).items()} if KNOWN.exists() else {}
    same = {f.name: f for f in FAULTS if f.name not in anew}
    return {n: k for n, k in known.items() if n in same and (k.old, k.new) == (same[n].old, same[n].new)}


def save(known: dict[str, Found]) -> None:
    KNOWN.write_text(json.dumps({name: asdict(each) for name, each in known.items()}, indent=1))


def summary(known: dict[str, Found]) -> str:
    tried = [known[f.name] for f in FAULTS if f.name in known]
    quick, whole = sum(bool(k.quick) for k in tried), sum(bool(k.whole) for k in tried)
    untried = sum(k.whole is None for k in tried)
    rest = f", {untried} not tried with it" if untried else ""
    return f"of {len(tried)} faults the quick suite finds {quick}, the whole suite {whole}{rest}"


def page(known: dict[str, Found]) -> str:
    """The text of docs/mutants.md."""
    told = f"{summary(known)[0].upper()}{summary(known)[1:]}; the sample of the quick suite was {sampling.number()}."
    lines = ["# Faults that the tests find", "", *HEAD, "", told, "", "| what goes wrong | found by the suite |", "| --- | --- |"]
    for fault in FAULTS:
        each = known.get(fault.name, Found("", ""))
        suite = "quick" if each.quick else "whole" if each.whole else "none" if each.whole is False else "not the quick one"
        lines.append(f"| {fault.breaks} | {suite if fault.name in known else 'not tried'} |")
    return "\n".join(lines) + "\n"


HEAD = """\
`python -m tests.mutants` makes small faults in the product, one at a time in a copy of the tree, and runs the tests on each: a sign in a
rule, a guard that is dropped, a sum that is assigned, a pass that keeps a dead statement or drops a live one, a view taken for a copy, a
loop that goes back in the wrong order. This page is what it wrote with `--all --write`. The tests that are likely to find a fault run
first, so that it takes minutes where the faults are found, and hours where many survive. It is run by hand.

The faults are described in `tests/mutants_known.py`. Where the text that a fault changes is not in the product any more, the script says
so: the fault has to be written anew. Where a fault survives, the tests have a gap, which a test of its own closes. So these numbers tell
how the tests have grown, more than what they would find of other faults: for 27 of the faults the likely tests found nothing at first, or
programs of the corpus alone did, of which the quick suite takes a part. Each of them has a test of its own since.""".splitlines()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description="Small faults, and which of them the tests find.")
    parser.add_argument("--all", action="store_true", help="run the whole suite for those that the quick one does not find")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this fault, anew")
    parser.add_argument("--anew", action="store_true", help="forget what is known")
    parser.add_argument("--list", action="store_true", help="say where each fault is made, and run nothing")
    parser.add_argument("--write", action="store_true", help="write what is known to docs/mutants.md")
    options = parser.parse_args(argv)
    chosen = [f for f in FAULTS if not options.only or f.name in options.only]
    stale = listed(chosen, options.list)
    if options.list or stale:
        return int(stale)
    known = {} if options.anew else load(options.only)
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(folder)
        for number, fault in enumerate(chosen, 1):
            start = time.monotonic()
            known[fault.name] = each = found(tree, fault, known.get(fault.name, Found(fault.old, fault.new)), options.all)
            save(known)
            what = each.test if each.test else "SURVIVES"
            print(f"[{number}/{len(chosen)}] {fault.name}: {what} ({time.monotonic() - start:.0f} s)", flush=True)
    print(summary(known), *(f"    survives: {f.name}: {f.breaks}" for f in chosen if not known[f.name].test), sep="\n")
    if options.write:
        PAGE.write_text(page(known))
    return 0


def listed(faults: Sequence[Fault], every: bool) -> bool:
    """Print where faults are made, of all of them or of those that cannot be; whether there are such."""
    stale = False
    for fault in faults:
        try:
            path, at = place(ROOT, fault)
            where = f"{path.relative_to(ROOT)}:{path.read_text()[:at].count(chr(10)) + 1}"
        except Stale as error:
            stale, where = True, f"STALE: {error}"
        if every or where.startswith("STALE"):
            print(f"{fault.name:<28} {where}: {fault.breaks}" if not where.startswith("STALE") else where)
    return stale


if __name__ == "__main__":
    sys.exit(main())
