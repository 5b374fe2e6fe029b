"""`autograder completion SHELL`: a script by which the shell completes commands, options, files and assignments."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from autograder import cli
from autograder.errors import InfrastructureError

ASSIGNMENTS = "ls source release 2>/dev/null | grep -v : | sort -u"
FILES = {"NB", "OUT", "CSV", "ZIP", "ARCHIVE"}


def run(options: argparse.Namespace) -> int:
    try:
        import shtab
    except ImportError as error:
        raise InfrastructureError("The package shtab is missing.", "pip install shtab") from error
    top = cli.parser()
    for action in _actions(top):
        if action.metavar in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif action.metavar == "A":
            action.complete = shtab.cmd(ASSIGNMENTS)  # type: ignore[attr-defined]
    sys.stdout.write(shtab.complete(top, options.shell) + "\n")
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every argument of the parser and of its commands."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask, and shtab asks so too
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for command in action.choices.values():
                yield from _actions(command)
