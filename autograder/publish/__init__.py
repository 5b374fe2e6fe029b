"""release/ → a folder that is ready to be the public student repository: notebooks, data, checker, pages, and nothing else.

wheel    the checker without what only instructors need, the same bytes for the same course
pages    README, requirements, the workflow for GitHub Classroom
gate     no solution, no hidden check, no secret seed in any file, those inside the wheel included"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder import course as courses
from autograder import notebook, release
from autograder.errors import InfrastructureError, UsageError
from autograder.model import Assignment, Course
from autograder.publish import gate, pages, wheel
from autograder.release import place

MARK = ".published.json"
"""Lists what a publication holds: by it the next one knows its own."""


@dataclass(frozen=True, slots=True)
class Published:
    """What stands in the public repository now.  `changed` names the files that this run wrote or took away."""

    folder: Path
    assignments: tuple[Assignment, ...]
    files: tuple[str, ...]
    changed: tuple[str, ...]


def publish(course: Course, folder: Path, names: list[str]) -> Published:
    """Makes `folder` the public student repository of the assignments `names` and of those that it holds: without names those that it
    holds alone, in a new folder all of the course, so that what is not yet due to be seen does not slip out.

    Raises UsageError for a target that is something else, GateError for a stale release or one that gives something away,
    InfrastructureError where it can't be built or put in place.  Then the target is as it was."""
    target = _target(course, folder)
    place.mend(target)
    before = _earlier(course, target)
    held = [name for name in before.assignments if course.assignment(name)]
    assignments = courses.pick(course, [*names, *held])
    for assignment in assignments:
        release.check(course, assignment)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
            built = Path(beside) / "built"
            _build(course, assignments, built)
            files = place.listing(built)
            there = target.is_dir()
            changed = _changes(built, target, before.files) if there else files
            if changed or not there:
                place.swap(built, target)
    except OSError as error:
        raise InfrastructureError(
            f"{target} cannot be written: {error.strerror or error}.",
            "Nothing in it has changed: choose another folder, or make room.",
        ) from error
    return Published(target, assignments, tuple(files), tuple(changed))


def _build(course: Course, assignments: tuple[Assignment, ...], built: Path) -> None:
    """The whole publication, behind the gate."""
    built.mkdir()
    manifests = []
    for assignment in assignments:
        source = courses.release_dir(course, assignment.name)
        for name in place.listing(source):
            _copy(source / name, built / assignment.name / name)
        manifests.append(notebook.load_manifest(source / "manifest.json"))
    checker = wheel.build(course, built, tuple(manifests))
    pages.write(course, assignments, tuple(manifests), checker, built)
    names = sorted([*place.listing(built), MARK])
    mark = {"course": course.name, "assignments": [one.name for one in assignments], "files": names}
    (built / MARK).write_text(json.dumps(mark, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    gate.check(course, assignments, built)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target, follow_symlinks=False)


# ── the target ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Earlier:
    assignments: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def _target(course: Course, folder: Path) -> Path:
    target = folder.resolve()
    root = course.root.resolve()
    if target == root or root in target.parents:
        raise UsageError(
            f"{folder} lies inside the course's own repository, which stays private.",
            f"Choose a folder beside it, like ../{course.name}-students.",
        )
    if target.exists() and not target.is_dir():
        raise UsageError(f"{folder} is a file.", "Name a folder.")
    return target


def _earlier(course: Course, target: Path) -> _Earlier:
    """What an earlier publication put into `target`.  Raises UsageError where anything else lies there."""
    there = [name for name in place.listing(target) if name.split("/")[0] != ".git"] if target.is_dir() else []
    if not there:
        return _Earlier()
    other = "Name an empty folder, a new one, or one that `autograder publish` has made."
    try:
        mark = json.loads((target / MARK).read_text(encoding="utf-8"))
        found = _Earlier(tuple(mark["assignments"]), tuple(mark["files"]))
        name = mark["course"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"{target} holds something else: {', '.join(there[:3])}.", other) from None
    if name != course.name:
        raise UsageError(f"{target} is the publication of another course, {name}.", other)
    if foreign := sorted(set(there) - set(found.files)):
        raise UsageError(
            f"{target} holds what no publication has put there: {', '.join(foreign[:3])}.",
            "Move it away: what is published comes from this repository alone.",
        )
    return found


def _changes(built: Path, target: Path, before: tuple[str, ...]) -> list[str]:
    """The files that differ between the two folders."""
    ours = place.listing(built)
    gone = [name for name in before if name not in ours and (target / name).exists()]
    fresh = [
        name
        for name in ours
        if not (target / name).is_file() or (target / name).read_bytes() != (built / name).read_bytes()
    ]
    return sorted([*gone, *fresh])
