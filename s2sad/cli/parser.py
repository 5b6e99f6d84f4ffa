"""Which commands and options there are, with examples; what was written comes in, the choices go out."""
from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any, NoReturn

from s2sad.cli import completion
from s2sad.cli.refused import InputError, meant, short
from s2sad.settings import BACKENDS, CONTROL
from s2sad.shown.stages import STAGES
from s2sad.version import __version__

TARGET = "FILE.py:NAME or package.module:NAME; NAME may have dots, as in Model.loss"
STAGE_HELP = "the function, its Wengert list, that with its adjoint or its tangents, the optimised one, or the code (default)"
MODE_HELP = "reverse (default), a gradient from the result back, or forward, a tangent beside each value"
ALONG_HELP = "forward mode: a tangent for each argument that moves, like --at (default: ones), or None"
CONTROL_HELP = ("the way this call takes, loops unrolled (record), or loops and branches as they are (keep); "
                "auto, the default, keeps where a loop takes more than a dozen steps, if that can be")  # fmt: skip
BACKEND_HELP = "what runs: Python (the default), native code (numba), or what pays (auto)"
AT_HELP = "the arguments: values such as 2, 1/3, pi, '[1.0, 2.0]:array' or 'np.linspace(0, 1, 5)', .npy or .npz files, name=value"
ARGNUMS_HELP = "positions or names of the arguments to differentiate (default: all numbers and arrays of numbers)"
ARRAYS_HELP = "positions or names of the arguments that the columns are of (default: all arrays of numbers)"
GRAPH_HELP = "a file for the graph: .dot, with Graphviz .svg, .png or .pdf"
HTML_HELP = "a file for a page to look at: source and generated code side by side, values, graph, paths"
SPARSITY_HELP = "show which elements of the Jacobian may be other than zero, and how few seeds a sparse one takes"
PROFILE_HELP = "measure the seconds and the memory of a call by the lines of the function, forward and adjoint"
CHECK_HELP = ("compare the gradient with the tape and with differences; exit status 0, 1 if they disagree, 3 if nothing independent could "
              "be compared. Of a file alone, list the calls of functions that have no rule, and run nothing")  # fmt: skip
RULES_HELP = "list the functions of NumPy and SciPy with their rules, and those that have none and why"
JSON_HELP = "print everything as JSON; what the function prints goes to standard error"
NEGATIVE = re.compile(r"-([\d.(\[]|((np|numpy|math)\.)?(pi|e|tau|inf|nan)\b|(np|numpy)\.)")
MODES = ("reverse", "forward")
COLORS = ("auto", "always", "never")
EXAMPLES = {
    "": ("s2sad inspect model.py:loss --at 2.0 0.5", "s2sad check model.py:loss --at 2.0 0.5",
         "s2sad export model.py:loss --at 2.0 0.5 -o loss_gradient.py"),
    "inspect": ("s2sad inspect model.py:loss --at 2.0 rate=1/3", "s2sad inspect model.py:norm --at '[3.0, 4.0]:array'",
                "s2sad inspect model.py:norm --at 'np.linspace(0, 1, 5)' --stage wengert", "s2sad inspect model.py:norm --at x.npy",
                "s2sad inspect model.py:loss --at 2.0 pi --trace --graph loss.dot",
                "s2sad inspect model.py:loss --at 2.0 0.5 --html loss.html",
                "s2sad inspect model.py:loss --at 2.0 0.5 --mode forward --along 1 0"),
    "profile": ("s2sad profile model.py:norm --at 'np.linspace(0, 1, 1000)'", "s2sad profile model.py:norm --at x.npy --json"),
    "sparsity": ("s2sad sparsity model.py:residuals --at 'np.linspace(0, 1, 20)'",
                 "s2sad sparsity model.py:residuals --at x.npy -o pattern.svg", "s2sad sparsity model.py:residuals --at x.npy --json"),
    "check": ("s2sad check model.py:loss --at 2.0 0.5", "s2sad check model.py:norm --at x.npy --json", "s2sad check model.py"),
    "rules": ("s2sad rules", "s2sad rules 'np.fft.*'", "s2sad rules gamma --json"),
    "export": ("s2sad export model.py:loss --at 2.0 0.5 -o loss_gradient.py", "s2sad export model.py:norm --at x.npy --argnums x"),
    "verify": ("s2sad verify loss_gradient.py",),
    "cache": ("s2sad cache", "s2sad cache --path", "s2sad cache clear --older 30"),
}  # fmt: skip
"""For each command lines that run, with a file `model.py` such as that of the tests; the first command of all is none."""


def read(argv: list[str]) -> argparse.Namespace:
    """The choices that a command line makes. Raises InputError; SystemExit after a help, a version or a completion."""
    made = parser()
    completion.offer(made)
    known = list(commands_of(made))
    if argv and not argv[0].startswith("-") and argv[0] not in known:
        said = meant(argv[0], known) or f"; there are {', '.join(known)}"
        raise InputError(f"there is no command {short(repr(argv[0]))}{said}")
    if argv and argv[0].startswith("-") and argv[0] not in made._option_string_actions:
        raise InputError(f"there is no option {short(argv[0])}{meant(argv[0], made._option_string_actions)}; a command comes first")
    options, rest = made.parse_known_args(_with_negative_values(argv))
    if rest:
        raise InputError(_unexpected(rest[0].strip(), commands_of(made)[options.command]))
    return options


def commands_of(made: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    found: dict[str, argparse.ArgumentParser] = next(a for a in made._actions if isinstance(a, argparse._SubParsersAction)).choices
    return found


def _unexpected(token: str, command: argparse.ArgumentParser) -> str:
    if token.startswith("-"):
        option = token.partition("=")[0]
        name = command.prog.rpartition(" ")[2]
        return f"{name} has no option {short(option)}{meant(option, command._option_string_actions)}"
    about = "; the arguments of the function are given after --at" if "--at" in command._option_string_actions else ""
    return f"{short(token)} is one too many{about}"


def _with_negative_values(argv: list[str]) -> list[str]:
    """A blank keeps `-1e-3`, `-pi` and `-np.inf` from being taken for options; values are stripped when they are read."""
    return [f" {token}" if NEGATIVE.match(token) else token for token in argv]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        name = self.prog.rpartition(" ")[2]
        if message.startswith("the following arguments are required: FUNCTION"):
            raise InputError(f"{name}: the function is missing; it comes first, as in s2sad {name} model.py:loss --at 2.0")
        if message.startswith("the following arguments are required: COMMAND"):
            raise InputError(f"the command is missing; there are {', '.join(commands_of(self))} (s2sad --help shows the usage)")
        option, separator, what = message.removeprefix("argument ").partition(": ")
        told = f"{option.rpartition('/')[2]}: {what}" if separator else message
        raise InputError(f"{told} (s2sad {name} --help shows the usage)")


def one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    """What reads one of these words."""

    def chosen(text: str) -> str:
        if text not in choices:
            said = meant(text, choices) or f"; there are {', '.join(choices)}"
            raise argparse.ArgumentTypeError(f"{short(repr(text))} is not a choice{said}")
        return text

    return chosen


def a_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{short(repr(text))} is no number") from None


def parser() -> argparse.ArgumentParser:
    made = _Parser(prog="s2sad", description="Gradients of plain Python and NumPy by source transformation.", allow_abbrev=False,
                   formatter_class=argparse.RawDescriptionHelpFormatter, epilog=_examples(""))  # fmt: skip
    made.add_argument("--version", action="version", version=f"s2sad {__version__}")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _inspect(_derived(commands, "inspect", "show the generated code, the value and the gradient at a point"))
    profile = _derived(commands, "profile", PROFILE_HELP)
    profile.add_argument("--json", action="store_true", help=JSON_HELP)
    _sparsity(_at_a_point(_command(commands, "sparsity", SPARSITY_HELP), ARRAYS_HELP))
    check = _derived(commands, "check", CHECK_HELP)
    check.add_argument("--json", action="store_true", help=JSON_HELP)
    _export(_derived(commands, "export", "write the gradient as a module that needs NumPy alone, or Numba"))
    verify = _command(commands, "verify", "say whether an exported module is stale; exit status 0 or 1")
    verify.add_argument("module", metavar="OUT.py", help="a module that s2sad exported")
    verify.add_argument("--json", action="store_true", help="print the answer as JSON")
    rules = _command(commands, "rules", RULES_HELP)
    rules.add_argument("pattern", nargs="?", default="*", metavar="PATTERN", help="part of a name, or a pattern such as 'np.fft.*'")
    rules.add_argument("--json", action="store_true", help="print the table as JSON")
    _cache(_command(commands, "cache", "show the machine code that is stored on disk, or remove it (clear)"))
    return made


def _inspect(made: Any) -> None:
    _choice(made, "--stage", STAGES, STAGE_HELP)
    _choice(made, "--mode", MODES, MODE_HELP, default="reverse")
    made.add_argument("--along", nargs="+", default=[], metavar="VALUE", action="extend", help=ALONG_HELP)
    made.add_argument("--trace", action="store_true", help="the evaluation trace, values and adjoint or tangents side by side")
    made.add_argument("--profile", action="store_true", help="print what `s2sad profile` prints as well")
    made.add_argument("--nan", action="store_true", help="where the first NaN or infinity arises, forward or adjoint, with the operands")
    made.add_argument("--graph", metavar="FILE", help=GRAPH_HELP)
    made.add_argument("--html", metavar="OUT.html", help=HTML_HELP)
    _choice(made, "--color", COLORS, "auto: on a terminal; NO_COLOR and FORCE_COLOR are heeded", default="auto")
    made.add_argument("--json", action="store_true", help=JSON_HELP)


def _sparsity(made: Any) -> None:
    made.add_argument("-o", "--output", metavar="OUT.svg", help="a file for the picture")
    made.add_argument("--json", action="store_true", help=JSON_HELP)


def _export(made: Any) -> None:
    made.add_argument("--cfunc", action="store_true", help="with --backend numba: functions for C as well, where all is numbers")
    made.add_argument("-o", "--output", metavar="OUT.py", help="the file to write (default: standard output)")


def _cache(made: Any) -> None:
    made.add_argument("action", nargs="?", type=one_of(("clear",)), choices=("clear",), help="remove all, or what --older says")
    made.add_argument("--older", type=a_number, metavar="DAYS", help="clear: what was not used for so many days alone")
    made.add_argument("--path", action="store_true", help="print the directory alone")
    made.add_argument("--json", action="store_true", help="print what is stored as JSON")


def _command(commands: Any, name: str, what: str) -> Any:
    return commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", epilog=_examples(name), allow_abbrev=False,
                               formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip


def _derived(commands: Any, name: str, what: str) -> Any:
    """A command that is about the derivative of a function at a point."""
    made = _at_a_point(_command(commands, name, what), ARGNUMS_HELP)
    _choice(made, "--control", CONTROL, CONTROL_HELP)
    _choice(made, "--backend", BACKENDS, BACKEND_HELP)
    return made


def _at_a_point(made: Any, chosen_help: str) -> Any:
    made.add_argument("target", metavar="FUNCTION", help=TARGET).completer = completion.functions
    made.add_argument("--at", nargs="+", default=[], metavar="VALUE", action="extend", help=AT_HELP).completer = completion.values
    chosen = made.add_argument("--argnums", nargs="+", default=[], metavar="N", action="extend", help=chosen_help)
    chosen.completer = completion.parameters
    return made


def _choice(made: Any, option: str, choices: tuple[str, ...], what: str, default: str | None = None) -> None:
    made.add_argument(option, type=one_of(choices), choices=choices, help=what, default=default)


def _examples(command: str) -> str:
    return "\n".join(["examples:", *(f"  {line}" for line in EXAMPLES[command])])
