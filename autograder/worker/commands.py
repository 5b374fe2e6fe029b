"""The commands about files that notebooks call with `!` or `%`, answered in this process: a worker starts no program.

What is about the private working folder (`!mkdir out`, `%ls`) works as in Jupyter; any other command is named and passed over."""

from __future__ import annotations

import glob
import os
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

_SHELL = frozenset("|&;<>$`(){}\n")
"""What only a shell understands."""


def passed_over(command: str) -> str:
    """The one line that stands in a cell's output in place of what a program would have printed."""
    shown = " ".join(command.split())
    shown = f"{shown[:60]}…" if len(shown) > 60 else shown
    return f"Grading starts no programs: `{shown}` was passed over, and the notebook goes on."


def answer(command: str) -> list[str] | None:
    """The lines that a plain command about files prints, after doing what it says; None for every other command.

    A file that is missing is told in a line, as the program would, and raises nothing."""
    try:
        name, *words = [] if _SHELL & set(command) else shlex.split(command)
    except ValueError:  # quotes that are not closed; or no command at all
        return None
    do = _COMMANDS.get(name)
    if do is None:
        return None
    options = {letter for word in words if word.startswith("-") for letter in word.lstrip("-")}
    plain = [word for word in words if not word.startswith("-")]
    if name != "echo":
        plain = [path for word in plain for path in (sorted(glob.glob(word)) or [word])]  # noqa: PTH207 - paths stay as they are written
    try:
        return do(options, plain)
    except (OSError, IndexError, UnicodeDecodeError, shutil.Error) as error:
        return [f"{name}: {error}"]


def _ls(options: set[str], names: list[str]) -> list[str]:
    lines = []
    for name in names or ["."]:
        place = Path(name)
        place.stat()
        if "d" in options or not place.is_dir():
            lines.append(name)
            continue
        if len(names) > 1:
            lines.append(f"{name}:")
        found = sorted(path.name for path in place.iterdir())
        lines += [one for one in found if "a" in options or not one.startswith(".")]
    return lines


def _cat(_: set[str], names: list[str]) -> list[str]:
    return [line for name in names for line in Path(name).read_text(encoding="utf-8").splitlines()]


def _head(_: set[str], names: list[str]) -> list[str]:
    """Ten lines of each file; `-n 3` leaves the number among the names."""
    count = int(names.pop(0)) if names and names[0].isdecimal() else 10
    return [line for name in names for line in _cat(set(), [name])[:count]]


def _mkdir(options: set[str], names: list[str]) -> list[str]:
    for name in names:
        Path(name).mkdir(parents="p" in options, exist_ok="p" in options)
    return []


def _rmdir(_: set[str], names: list[str]) -> list[str]:
    for name in names:
        Path(name).rmdir()
    return []


def _rm(options: set[str], names: list[str]) -> list[str]:
    for name in names:
        if Path(name).is_dir() and not Path(name).is_symlink() and options & set("rR"):
            shutil.rmtree(name)
        else:
            Path(name).unlink(missing_ok="f" in options)
    return []


def _cp(options: set[str], names: list[str]) -> list[str]:
    *sources, target = names
    for source in sources:
        if Path(source).is_dir() and options & set("rRa"):
            inside = Path(target, Path(source).name) if Path(target).is_dir() else Path(target)
            shutil.copytree(source, inside, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    return []


def _mv(_: set[str], names: list[str]) -> list[str]:
    *sources, target = names
    for source in sources:
        shutil.move(source, target)
    return []


def _touch(_: set[str], names: list[str]) -> list[str]:
    for name in names:
        Path(name).touch()
    return []


_COMMANDS: dict[str, Callable[[set[str], list[str]], list[str]]] = {
    "ls": _ls,
    "cat": _cat,
    "head": _head,
    "mkdir": _mkdir,
    "rmdir": _rmdir,
    "rm": _rm,
    "cp": _cp,
    "mv": _mv,
    "touch": _touch,
    "pwd": lambda _, __: [str(Path.cwd())],
    "echo": lambda _, words: [" ".join(words)],
    "cd": lambda _, __: [],  # of a shell that ends with the line
    "export": lambda _, __: [],
    "clear": lambda _, __: [],
    "whoami": lambda _, __: [os.environ.get("USER", "student")],
}
