"""The Python files that lie beside a notebook, for its imports: modules, and packages one level deep.

They are read as hostile as the notebook: no link is followed, no FIFO is waited for, and there is an end to number and size."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from autograder import files
from autograder.notebook.text import clean

MAX_BYTES = 1 << 20
"""Of all files together."""
MAX_FILES = 100
_MAX_ENTRIES = 5000
_COURSE, _HANDED_IN = "course_config.py", "submitted"
_OTHER_FOLDERS = {"data", "checks", "__pycache__"}

File = tuple[str, bytes]
"""A path relative to the notebook, with slashes, and the content."""


def beside(notebook: Path) -> list[File]:
    """The files beside `notebook` in the order of their names, as far as they are small enough; nothing where they cannot be read.

    In a course's own tree only below submitted/: elsewhere lie the course, its hidden checks and the solutions."""
    folder = Path(os.path.abspath(notebook)).parent  # noqa: PTH100 - a link stays the link that was handed in
    course = next((one for one in (folder, *folder.parents) if os.path.lexists(one / _COURSE)), None)
    if course is not None and folder.relative_to(course).parts[:1] != (_HANDED_IN,):
        return []
    found: list[File] = []
    left = MAX_BYTES
    for name in islice(_names(folder), MAX_FILES):
        data = files.plain(folder / name, left + 1)
        if data and len(data) <= left:
            left -= len(data)
            found.append((name, data))
    return found


def used(helpers: Iterable[File], sources: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The files that `sources` name, and those that such a file names, as text."""
    texts = {name: clean(data.decode("utf-8", errors="replace")) for name, data in helpers}
    words = {word for source in sources for word in re.findall(r"\w+", source)}
    taken: dict[str, str] = {}
    waiting = True
    while waiting:
        waiting = False
        for name, text in texts.items():
            if name not in taken and name.removesuffix(".py").split("/")[0] in words:
                taken[name] = text
                words |= set(re.findall(r"\w+", text))
                waiting = True
    return tuple(sorted(taken.items()))


def _names(folder: Path) -> Iterator[str]:
    folders = []
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name.isidentifier() and entry.name not in _OTHER_FOLDERS:
                folders.append(entry.name)
        elif _is_module(entry):
            yield entry.name
    for name in folders:
        yield from (f"{name}/{entry.name}" for entry in _entries(folder / name) if _is_module(entry))


def _is_module(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith(".py") and entry.name[:-3].isidentifier() and entry.is_file(follow_symlinks=False)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(islice(entries, _MAX_ENTRIES), key=lambda entry: entry.name)
    except OSError:
        return []
