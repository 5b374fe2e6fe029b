"""What was handed in: submitted/<student>/<assignment>/."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.model import Assignment, Course

_NOTEBOOK = re.compile(r".+\.ipynb", re.IGNORECASE)
_RENAMED = re.compile(r".+\.ipynb\.(txt|json)", re.IGNORECASE)
"""What browsers and systems make of a notebook's name."""
MAX_NAME = 120
"""Bytes of a student's name, at most: a file system takes 255 for a file that is called so, with an ending or two."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One notebook to judge.  `seed` is the number of the only secret seed to judge with; None is the usual way.  `only` are the tasks
    that are asked for; empty for all."""

    path: Path
    student: str
    seed: int | None = None
    only: tuple[str, ...] = ()


def handed_in(course: Course, assignment: Assignment, student: str | None = None) -> list[Job]:
    """A job for every folder submitted/<student>/<assignment>, in the order of the students' names."""
    folder = course.root / "submitted"
    jobs = []
    for name in (path.name for path in _listed(folder) if is_name(path.name)):
        place = folder / name / assignment.name
        if _is_folder(place) and student in {None, name}:
            jobs.append(Job(_link(place) or notebook_in(place, assignment.name), name))
    return jobs


def is_name(name: str) -> bool:
    """Whether a student can be called `name`: results, pages and rows are called so too, and terminals show it."""
    return name.isprintable() and len(name.encode()) <= MAX_NAME and not name.startswith(".")


def folder_of(course: Course, assignment: str, student: str) -> Path:
    """Where a student's work lies, with timestamp.txt: today, since a course may have moved after the work was graded."""
    place = course.root / "submitted" / student / assignment
    link = _link(place)
    return link.parent if link else place


def notebook_in(folder: Path, assignment: str) -> Path:
    """The notebook of `assignment` in `folder`: the one of its name, else the only one.  Where that leaves several or none, the path at
    which it is missing: `notebook.read` says what lies there instead."""
    expected = folder / f"{assignment}.ipynb"
    if os.path.lexists(expected):
        return expected
    there = notebooks(folder)
    named = [path for path in there if path.name.casefold().startswith(f"{assignment.casefold()}.ipynb")]
    fitting = named if len(named) == 1 else there
    return fitting[0] if len(fitting) == 1 else expected


def notebooks(folder: Path) -> list[Path]:
    """The notebooks in `folder`, also `.IPYNB`; only where there is none, what was renamed on its way: `.ipynb.txt`, `.ipynb.json`."""
    files = [path for path in _visible(folder) if not _is_folder(path) or path.is_symlink()]
    return [path for path in files if _NOTEBOOK.fullmatch(path.name)] or [
        path for path in files if _RENAMED.fullmatch(path.name)
    ]


def deeper(folder: Path) -> list[Path]:
    """The notebooks that lie one folder below `folder`."""
    return [
        path for below in _visible(folder) if _is_folder(below) and not below.is_symlink() for path in notebooks(below)
    ]


def strays(course: Course, student: str | None = None) -> Iterator[str]:
    """A sentence for each folder or notebook in submitted/ that no assignment takes, and where it belongs."""
    names = [assignment.name for assignment in course.assignments]
    for home in _visible(course.root / "submitted"):
        if student not in {None, home.name}:
            continue
        if not _is_folder(home):
            if _NOTEBOOK.fullmatch(home.name):
                yield f"submitted/{home.name} is passed over: whose is it?  It belongs into submitted/<student>/<assignment>/."
            continue
        if not is_name(home.name):
            shown = "".join(letter if letter.isprintable() else "�" for letter in home.name[:60])
            yield f"submitted/{shown} is passed over: nobody can be called so.  Rename the folder (letters, digits, at most {MAX_NAME} bytes)."
            continue
        for path in _visible(home):
            where = f"submitted/{home.name}/{path.name}"
            if not _is_folder(path):
                if _NOTEBOOK.fullmatch(path.name):
                    yield f"{where} is passed over: it belongs into submitted/{home.name}/<assignment>/."
            elif path.name not in names:
                yield f"{where} is passed over: {_remedy(home.name, path.name, names)}"


def _remedy(home: str, folder: str, names: list[str]) -> str:
    same = [name for name in names if name.casefold() == folder.casefold()]
    if same:
        return f"the assignment is called {same[0]}.  Rename the folder."
    if home in names:
        return f"{home} is an assignment, not a student.  Did you mean submitted/{folder}/{home}?"
    return f"the course has no such assignment.  It has {', '.join(names)}."


def _visible(folder: Path) -> list[Path]:
    """What lies in `folder`, sorted, without hidden files and macOS' own."""
    return [path for path in _listed(folder) if not path.name.startswith((".", "__MACOSX"))]


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - pathlib raises where we may not look


def _listed(folder: Path) -> list[Path]:
    """What lies in `folder`, sorted; nothing where it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _link(place: Path) -> Path | None:
    """The folder of a submission, or the one above it, where it is a link: to a classmate's, perhaps.  Return the link itself, not its
    target, so that the reader refuses it and the student is told why."""
    return next((folder for folder in (place.parent, place) if folder.is_symlink()), None)
