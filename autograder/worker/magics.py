"""IPython's magics as a worker answers them: those that start programs, wait for a person, or belong to a running kernel."""

from __future__ import annotations

import functools
import sys
from typing import Any

from IPython.core.autocall import ExitAutocall
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_cell_magic, line_magic, magics_class
from IPython.core.magic_arguments import magic_arguments
from IPython.core.magics.script import ScriptMagics, script_args

from autograder.worker.commands import passed_over

_PROGRAMS = ("pip", "conda", "mamba", "micromamba", "uv", "edit", "ed", "man")
"""Line magics that are another program."""
_FRONT_END = ("autosave", "connect_info", "qtconsole", "subshell", "clear", "cls")
"""What ipykernel adds for whoever sits before a notebook: nothing to do here."""


def say(sentence: str) -> None:
    """One line among the outputs of the cell that runs."""
    sys.stderr.write(f"{sentence}\n")


def register(shell: InteractiveShell) -> None:
    """Puts these magics in the place of IPython's own."""
    load_all = getattr(shell.magics_manager, "load_all_lazy_magics", None)
    if load_all is not None:  # a class of magics that is loaded later would take the names back
        load_all()
    shell.register_magics(Scripts, Answered)
    add: Any = shell.register_magic_function  # IPython's decorator hides its types
    for name in _PROGRAMS:
        add(functools.partial(_program, name), "line", name)
    for name in _FRONT_END:
        add(_nothing, "line", name)


def _program(name: str, line: str) -> None:
    say(passed_over(f"{name} {line}"))


def _nothing(line: str) -> None:
    del line


class Exit(ExitAutocall):
    """`exit` and `quit`, with or without brackets and arguments."""

    _ip: Any

    def __call__(self, *_: Any, **__: Any) -> None:
        self._ip.ask_exit()


@magics_class
class Scripts(ScriptMagics):
    """%%bash and the other magics whose cell is a program: nothing is started."""

    shell: Any  # IPython says that there may be none

    @magic_arguments()  # type: ignore[untyped-decorator]
    @script_args  # type: ignore[untyped-decorator]
    @cell_magic("script")  # type: ignore[arg-type]  # a method, says its own documentation
    def shebang(self, line: str, cell: str) -> None:
        parser: Any = self.shebang.parser
        arguments, command = parser.parse_known_args(line.split())
        say(passed_over(f"{' '.join(command)}: {cell.strip().partition(chr(10))[0]}"))
        for name in (arguments.out, arguments.err):
            if name:
                self.shell.user_ns[name] = ""


@magics_class
class Answered(Magics):
    """What would wait for a person, or is not installed here."""

    shell: Any  # IPython says that there may be none

    @line_cell_magic
    def debug(self, line: str = "", cell: str | None = None) -> None:
        """The code of the cell, or of the line, runs without a debugger."""
        self.shell.debugger()
        if cell is not None or line.strip():
            self.shell.run_cell(line if cell is None else cell)

    @line_magic
    def load_ext(self, line: str) -> None:
        """An extension that is not installed here is named and costs nothing."""
        try:
            answer = self.shell.extension_manager.load_extension(line)
        except ModuleNotFoundError:
            _no_extension(line)
            return
        if answer == "already loaded":
            say(f"The {line} extension is already loaded. To reload it, use:\n  %reload_ext {line}")
        elif answer == "no load function":
            say(f"The {line} module is not an IPython extension.")

    @line_magic
    def reload_ext(self, line: str) -> None:
        """As `load_ext`."""
        try:
            self.shell.extension_manager.reload_extension(line)
        except ModuleNotFoundError:
            _no_extension(line)

    @line_magic
    def less(self, line: str) -> None:
        """The file, as %pycat shows it."""
        self.shell.run_line_magic("pycat", line)

    @line_magic
    def more(self, line: str) -> None:
        """As `less`."""
        self.shell.run_line_magic("pycat", line)


def _no_extension(name: str) -> None:
    say(f"The extension {name[:60]} is not installed where notebooks are graded; the notebook goes on without it.")
