"""The command line: what there is to say, and how faults become one clear line and an exit code.

Exit codes: 0 done, 1 a submission or a gate failed where that is what was asked, 2 usage, 3 authoring fault, 4 infrastructure fault."""

from __future__ import annotations

import argparse
import difflib
import importlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograder import __version__, environment, interrupt
from autograder.cli import stopped, streams
from autograder.errors import AutograderError, UsageError
from autograder.words import printable

COMMANDS = {
    "doctor": ("what is missing here, and the command that mends it", "autograder doctor"),
    "models": ("put the course's models into the Hugging Face cache", "autograder models"),
    "check": ("run notebooks as the grader would", "autograder check softmax.ipynb"),
    "release": ("build release/ from source/, behind the gates", "autograder release softmax"),
    "validate": ("prove that right answers get their points and wrong ones do not", "autograder validate softmax"),
    "publish": ("make the public student repository, without anything private", "autograder publish ../students"),
    "collect": ("take what students handed in into submitted/", "autograder collect submissions.zip --from canvas"),
    "grade": ("grade the class; goes on where it stopped", "autograder grade softmax --student ada"),
    "feedback": ("write the feedback pages of what has been graded", "autograder feedback softmax"),
    "similarity": ("show answers of the class that resemble each other", "autograder similarity softmax"),
    "report": ("write the class in figures: a page for each assignment and one for the course", "autograder report"),
    "export": ("write the grades for Canvas, Moodle, Gradescope, or as CSV", "autograder export --to csv"),
    "gradescope": ("build the autograder zip for Gradescope", "autograder gradescope softmax --into softmax.zip"),
    "demo": ("release, grade and feed back a sample class", "autograder demo"),
    "completion": ("print what lets the shell complete commands", "autograder completion bash"),
}

_WITH_DATA = tuple(name for name in COMMANDS if name not in {"gradescope", "completion"})
"""The commands that have data to give: the others write one file."""


def _is_here(command: str) -> bool:
    """The checker that students install has only the commands that they have a use for."""
    return Path(__file__).with_name(f"{command}.py").is_file()


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with a command line, and what to do."""

    def error(self, message: str) -> NoReturn:
        wrong = re.match(r"argument .*: invalid choice: '(.*)' \(choose from (.*)\)", message)
        near = difflib.get_close_matches(wrong[1], re.findall(r"[\w-]+", wrong[2]), 1) if wrong else []
        remedy = f"Did you mean {near[0]}?" if near else f"See: {self.prog} --help"
        self.exit(UsageError.exit_code, f"{self.prog}: {message}.  {remedy}\n")


class _Aligned(argparse.HelpFormatter):
    """Every command in one line: argparse forgets the indent of commands when it measures their names."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = max(map(len, COMMANDS)) + 4


def parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="autograder",
        description="Runs, judges and books notebooks.",
        epilog="Example: autograder check softmax.ipynb",
        formatter_class=_Aligned,
    )
    top.add_argument("--version", action="version", version=f"autograder {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    made = {}
    for name, (purpose, example) in COMMANDS.items():
        made[name] = command = (
            commands.add_parser(name, help=purpose, description=purpose, epilog=f"Example: {example}")
            if _is_here(name)
            else _Parser()
        )
        command.set_defaults(parser=command)
        command.add_argument("--quiet", action="store_true", help="say only what went wrong")
        command.add_argument("--debug", action="store_true", help="show tracebacks")
    check = made["check"]
    check.add_argument("notebooks", nargs="+", metavar="NB")
    check.add_argument("--assignment", metavar="A", help="which assignment it is (default: found from the name)")
    check.add_argument("--hidden", action="store_true", help="judge with the hidden suite, where it exists")
    made["publish"].add_argument("folder", metavar="DIR", help="the public repository: a new folder, or the last one")
    made["publish"].add_argument(
        "assignments", nargs="*", metavar="A", help="add these (default: only what it holds; all, if it is new)"
    )
    made["completion"].add_argument("shell", choices=("bash", "zsh", "fish"), help="for which shell")
    made["models"].add_argument("names", nargs="*", metavar="M", help="models by name (default: all of the course)")
    for name in ("release", "validate", "grade", "feedback", "report", "similarity"):
        made[name].add_argument("assignments", nargs="*", metavar="A", help="assignments (default: all)")
    made["release"].add_argument("--check", action="store_true", help="build elsewhere and fail on any difference")
    made["validate"].add_argument("--task", metavar="T", help="only the variants of this task")
    made["validate"].add_argument(
        "--fresh",
        type=_positive,
        metavar="N",
        help="N new sets of seeds for every variant, instead of the course's: is a verdict luck?",
    )
    made["grade"].add_argument("--student", metavar="S", help="only this student")
    made["grade"].add_argument("--force", action="store_true", help="judge again what has been judged")
    made["grade"].add_argument(
        "--dry-run", action="store_true", help="judge, say who would gain or lose points and why, and write nothing"
    )
    made["grade"].add_argument(
        "--unsafe",
        action="store_true",
        help="grade where the sandbox cannot hold; every result is marked as not sandboxed",
    )
    made["grade"].add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="judge on the workers of this Dask scheduler: tcp://host:8786",
    )
    made["report"].add_argument("--anonymous", action="store_true", help="pseudonyms instead of students, everywhere")
    made["similarity"].add_argument(
        "--least", type=_percent, default=50, metavar="PERCENT", help="of one's code in the other's (default: 50)"
    )
    _lms(made)
    for name in _WITH_DATA:
        made[name].add_argument("--json", metavar="OUT", help="write the data there (- for standard output)")
    for name in ("check", "grade", "validate", "demo"):
        made[name].add_argument("--jobs", type=_positive, metavar="N", help="processes (default: one per core)")
    return top


def _lms(made: dict[str, _Parser]) -> None:
    collect, export, gradescope = made["collect"], made["export"], made["gradescope"]
    collect.add_argument("archive", metavar="ARCHIVE", help="the zip that the system gave, or a folder")
    systems = ("canvas", "moodle", "gradescope", "folder")
    collect.add_argument("--from", dest="source", required=True, choices=systems, help="where it comes from")
    collect.add_argument("--assignment", metavar="A", help="which assignment it is (default: found from the names)")
    collect.add_argument(
        "--worksheet", metavar="CSV", help="Moodle's grading worksheet: names, e-mail addresses, times"
    )
    collect.add_argument("--zone", metavar="ZONE", help="the time zone of the worksheet's times, like Europe/Paris")
    export.add_argument("assignments", nargs="*", metavar="A", help="assignments (default: all that are graded)")
    export.add_argument("--to", required=True, choices=("csv", "canvas", "moodle", "gradescope"), help="which system")
    export.add_argument("--into", metavar="OUT", help="file or folder (default: in exports/; - for standard output)")
    export.add_argument("--template", metavar="CSV", help="the gradebook from Canvas, or the worksheet from Moodle")
    for command in (collect, export):
        command.add_argument("--roster", metavar="CSV", help="who is who (default: roster.csv)")
    gradescope.add_argument("assignment", metavar="A", help="the assignment")
    gradescope.add_argument("--into", metavar="ZIP", help="the file (default: exports/A-gradescope.zip)")


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def _percent(text: str) -> int:
    if (number := _positive(text)) > 100:
        raise argparse.ArgumentTypeError(f"{text} is more than 100")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    with streams.surviving():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    options, unknown = parser().parse_known_args(arguments)
    if unknown:
        options.parser.error(f"unknown: {' '.join(unknown)}")
    interrupt.last_words(stopped.line(options.command))
    environment.prepare()
    try:
        command = importlib.import_module(f"autograder.cli.{options.command}")
        code: int = command.run(options)
    except BaseException as error:
        if interrupt.asked() or isinstance(error, KeyboardInterrupt):
            interrupt.settle()
            print(stopped.line(options.command), file=sys.stderr)
            return interrupt.EXIT_CODE
        if options.debug or not isinstance(error, Exception):
            raise
        return _said(error)
    return code


def _said(error: Exception) -> int:
    """Says what went wrong in one line, and returns the exit code."""
    if isinstance(error, AutograderError):
        print(f"autograder: {printable(str(error))}", file=sys.stderr)
        return error.exit_code
    print(
        f"autograder: a fault of the grader itself: {type(error).__name__}: {printable(str(error))}  "
        "Run it again with --debug and report what it prints.",
        file=sys.stderr,
    )
    return 4
