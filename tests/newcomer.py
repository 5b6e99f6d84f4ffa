"""The first hour of somebody new: `python -m tests.newcomer`, with each Python that is to pass.

It builds the wheel, looks at what is in it, and installs it, with what it asks for and nothing else, into a fresh environment. There, away
from the checkout, it runs the commands and the code of the README and of the tutorial, compares what they show, and types what is wrong on
command lines. It prints what it does, step by step, and exits with status 1 at the first step that fails.
"""
from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.cli.bad_inputs import CASES, prepare
from tests.command_line import MODEL

ROOT = Path(__file__).parent.parent
MAIN_JOB = ("inspect", "examples/article.py:f", "--at", "2", "1")
PAGES = ("README.md", "tutorial.md")
PACKED = ("pyproject.toml", "README.md", "LICENSE", "s2sad")
READ = ("README.md", "docs", "examples", "tests/__init__.py", *(f"tests/{p.name}" for p in (ROOT / "tests").glob("documents*.py")))
WRONG = [case for case in CASES if "--html" not in case[0] and case[0][:1] != ["sparsity"]]  # each of which needs an extra
PRINTED = ("imported", "called")  # by the module that the wrong command lines name
RENEW = """
import sys
from pathlib import Path
import s2sad
assert Path(s2sad.__file__).is_relative_to(sys.prefix), s2sad.__file__
from tests import documents
for page in documents.PAGES:
    if page.name in sys.argv[1:]:
        found = page.read_text(encoding="utf-8")
        wanted = documents.renewed(page)
        if not documents.same(found, wanted):
            sys.exit("\\n".join(line for line in wanted.split("\\n") if line not in found.split("\\n")))
"""


class Failed(Exception):
    """A step of the hour that does not do what it should; the message says which."""


def run(*command: str | Path, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """What a command prints, in a world without the checkout. Raises Failed where its exit status is another one."""
    world = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "S2SAD_CACHE_DIR")}
    done = subprocess.run(command, cwd=cwd, env=world, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != status:
        raise Failed(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def copied(names: tuple[str, ...], place: Path) -> Path:
    """Some files and folders of the checkout, in another place."""
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place / name)
    return place


def wheel(place: Path) -> Path:
    """The wheel, built from what is packed."""
    copied(PACKED, place / "packed")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", place, place / "packed", cwd=place)
    [found] = place.glob("*.whl")
    return found


def look_into(packed: Path) -> None:
    """All that the package has is in the wheel, and nothing else is."""
    with zipfile.ZipFile(packed) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {p.relative_to(ROOT).as_posix() for p in (ROOT / "s2sad").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    if names != wanted:
        raise Failed(f"the wheel lacks {sorted(wanted - names)} and should not hold {sorted(names - wanted)}")


def installed(packed: Path, place: Path) -> Path:
    """The folder of the commands of a fresh environment that holds the wheel."""
    venv.create(place, with_pip=True, symlinks=True)
    commands = place / "bin"
    run(commands / "python", "-m", "pip", "install", "--quiet", packed, cwd=place)
    return commands


def main_job(commands: Path, place: Path) -> None:
    """The first command of the README prints what the README shows, by either name."""
    shown = (place / "README.md").read_text(encoding="utf-8")
    for way in ([commands / "s2sad"],):
        printed = run(*way, *MAIN_JOB, cwd=place).stdout
        if printed.strip() not in shown:
            raise Failed(f"the README does not show what its first command prints:\n{printed}")


def wrong_lines(commands: Path, place: Path) -> None:
    """What is wrong on a command line is said there in a line or at the line of the code, with the exit status, and without a traceback."""
    place.mkdir()
    prepare(place)
    (place / "model.py").write_text(MODEL, encoding="utf-8")
    with ThreadPoolExecutor(os.cpu_count()) as several:
        for failed in filter(None, several.map(functools.partial(wrong_line, commands, place), WRONG)):
            raise Failed(failed)


def wrong_line(commands: Path, place: Path, case: tuple[list[str], int, str]) -> str | None:
    """What is amiss with the answer to a command line, if anything is."""
    arguments, status, message = case
    done = run(commands / "s2sad", *arguments, cwd=place, status=status)
    said = "\n".join(line for line in done.stderr.splitlines() if line not in PRINTED)
    wanted = re.escape(message.replace("{here}", str(place))).replace("…", ".+")
    return None if re.fullmatch(wanted, said) and not done.stdout else f"s2sad {' '.join(arguments)} says\n{said}\nand not\n{message}"


def hour(place: Path) -> None:
    """Everything, in order."""
    print("the wheel", flush=True)
    packed = wheel(place)
    look_into(packed)
    print("a fresh environment", flush=True)
    commands = installed(packed, place / "environment")
    read = copied(READ, place / "read")
    print("the first command of the README", flush=True)
    main_job(commands, read)
    print("the code of the README and of the tutorial", flush=True)
    run(commands / "python", "-c", RENEW, *PAGES, cwd=read)
    print(f"{len(WRONG)} wrong command lines", flush=True)
    wrong_lines(commands, place / "wrong")


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        try:
            hour(Path(place).resolve())
        except Failed as failed:
            print(failed)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
