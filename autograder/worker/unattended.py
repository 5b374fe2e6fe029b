"""What asks a person, in a process where nobody can answer: each is told in one sentence, and the code goes on."""

from __future__ import annotations

import builtins
import getpass
import pdb  # noqa: T100 - to be switched off
import sys
from typing import Any

import IPython
import IPython.core.debugger

from autograder.worker.magics import say

ANSWERS = 20
"""So many questions of a cell get an empty answer; a loop that asks until it likes the answer would else never end."""


class Questions:
    """`input` and `getpass` for the whole process, the functions of the notebook included."""

    def __init__(self) -> None:
        self._asked = 0
        builtins.input = self._answer
        getpass.getpass = self._answer

    def begin_cell(self) -> None:
        """The questions of each cell are counted anew."""
        self._asked = 0

    def _answer(self, prompt: object = "", *_: Any, **__: Any) -> str:
        self._asked += 1
        if self._asked > ANSWERS:
            raise EOFError("input() cannot be answered while grading, and this code asks again and again.")
        say(f"input({str(prompt)[:60]!r}) cannot be answered while grading: the answer is empty.")
        return ""


def no_debugger() -> None:
    """Nothing stops at a breakpoint, in the whole process."""
    sys.breakpointhook = _no_debugger
    IPython.embed = _no_debugger  # type: ignore[assignment]
    for module in (pdb, IPython.core.debugger):
        for name in ("set_trace", "pm", "post_mortem"):
            setattr(module, name, _no_debugger)


def _no_debugger(*_: Any, **__: Any) -> None:
    say("There is no debugger while grading: the notebook goes on.")
