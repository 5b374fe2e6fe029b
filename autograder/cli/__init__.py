"""The command line: what there is to say, and how faults become one clear line and an exit code.

Exit codes: 0 done, 1 a submission or a gate failed where that is what was asked, 2 usage, 3 authoring fault, 4 infrastructure fault."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from autograder import __version__, environment
from autograder.errors import AutograderError

COMMANDS = {
    "doctor": ("what is missing here, and the command that mends it", "autograder doctor"),
    "models": ("put the course's models into the Hugging Face cache", "autograder models"),
    "check": ("run notebooks as the grader would", "autograder check softmax.ipynb"),
    "release": ("build release/ from source/, behind the gates", "autograder release softmax"),
    "validate": ("prove that right answers get their points and wrong ones do not", "autograder validate softmax"),
    "grade": ("grade the class; goes on where it stopped", "autograder grade softmax --student ada"),
    "feedback": ("write the feedback pages of what has been graded", "autograder feedback softmax"),
    "demo": ("release, grade and feed back a sample class", "autograder demo"),
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="autograder",
        description="Runs, judges and books notebooks.",
        epilog="Example: autograder check softmax.ipynb",
    )
    top.add_argument("--version", action="version", version=f"autograder {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    made = {}
    for name, (purpose, example) in COMMANDS.items():
        made[name] = command = commands.add_parser(
            name, help=purpose, description=purpose, epilog=f"Example: {example}"
        )
        command.add_argument("--quiet", action="store_true", help="say only what went wrong")
        command.add_argument("--debug", action="store_true", help="show tracebacks")
    check = made["check"]
    check.add_argument("notebooks", nargs="+", metavar="NB")
    check.add_argument("--assignment", metavar="A", help="which assignment it is (default: found from the name)")
    check.add_argument("--hidden", action="store_true", help="judge with the hidden suite, where it exists")
    made["models"].add_argument("names", nargs="*", metavar="M", help="models by name (default: all of the course)")
    for name in ("release", "validate", "grade", "feedback"):
        made[name].add_argument("assignments", nargs="*", metavar="A", help="assignments (default: all)")
    made["release"].add_argument("--check", action="store_true", help="build elsewhere and fail on any difference")
    made["validate"].add_argument("--task", metavar="T", help="only the variants of this task")
    made["grade"].add_argument("--student", metavar="S", help="only this student")
    made["grade"].add_argument("--force", action="store_true", help="judge again what has been judged")
    for name in ("check", "grade", "validate", "doctor"):
        made[name].add_argument("--json", metavar="OUT", help="write the data there (- for standard output)")
    for name in ("check", "grade", "validate", "demo"):
        made[name].add_argument("--jobs", type=_positive, metavar="N", help="processes (default: one per core)")
    return top


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = parser().parse_args(arguments)
    environment.prepare()
    try:
        command = importlib.import_module(f"autograder.cli.{options.command}")
        code: int = command.run(options)
    except AutograderError as error:
        if options.debug:
            raise
        print(f"autograder: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("autograder: stopped; what was finished is kept. Run the same command to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if options.debug:
            raise
        print(
            f"autograder: a fault of the grader itself: {type(error).__name__}: {error}  "
            "Run it again with --debug and report what it prints.",
            file=sys.stderr,
        )
        return 4
    return code
