"""What was handed in: submitted/<student>/<assignment>/."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from autograder.model import Assignment, Course


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One notebook to judge.  `seed` picks one of the secret seeds by number; None leaves it to the submission's digest.  `only` are
    the tasks that are asked for; empty for all."""

    path: Path
    student: str
    seed: int | None = None
    only: tuple[str, ...] = ()


def handed_in(course: Course, assignment: Assignment, student: str | None = None) -> list[Job]:
    """A job for every folder submitted/<student>/<assignment>, in the order of the students' names."""
    folder = course.root / "submitted"
    students = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    jobs = []
    for name in students:
        place = folder / name / assignment.name
        if place.is_dir() and student in {None, name}:
            jobs.append(Job(_link(place) or _the_notebook(place, assignment.name), name))
    return jobs


def folder_of(course: Course, assignment: str, student: str) -> Path:
    """Where a student's work lies, with timestamp.txt: today, since a course may have moved after the work was graded."""
    place = course.root / "submitted" / student / assignment
    link = _link(place)
    return link.parent if link else place


def _link(place: Path) -> Path | None:
    """The folder of a submission, or the one above it, where it is a link: to a classmate's, perhaps.  It is handed in instead of what
    is behind it, and whoever reads it is told."""
    return next((folder for folder in (place.parent, place) if folder.is_symlink()), None)


def _the_notebook(folder: Path, assignment: str) -> Path:
    expected = folder / f"{assignment}.ipynb"
    others = sorted(path for path in folder.glob("*.ipynb"))
    return others[0] if not expected.exists() and len(others) == 1 else expected
