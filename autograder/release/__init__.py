"""source/<name>/ → release/<name>/: what students get, the same bytes on every run, behind the gates."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import course as courses
from autograder import gradebook, notebook
from autograder.errors import AuthoringError, GateError, UsageError
from autograder.model import Assignment, Course, Manifest
from autograder.release import announced, changes, place, solution
from autograder.release.leaks import gate
from autograder.release.source import agree, load_source, source_manifest

__all__ = ["Changed", "check", "gate", "last", "load_source", "release", "released", "source_manifest"]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a release changes: a clause for each difference from the last one, and a sentence on whose work it touches, or ""."""

    clauses: tuple[str, ...]
    touches: str = ""


def release(course: Course, assignment: Assignment, *, tell: Callable[[Changed], object] | None = None) -> Manifest:
    """Builds, gates and puts in place release/<name>/, and enters the assignment into the gradebook.

    A release that would not change is left as it is.  `tell` hears what will change before anything is written.

    The solution is run once, unless nothing has changed since the last release.

    Raises AuthoringError where notebook and suite disagree or the solution does not work, GateError where something private would be released; then nothing
    has changed."""
    target = courses.release_dir(course, assignment.name)
    place.mend(target)
    with _built(course, assignment, target) as (built, manifest):
        found = changes.differing(built, target)
        if found:
            solution.works(course, assignment, manifest)
        if tell is not None:
            tell(_changed(course, assignment, manifest, built, found))
        if found:
            place.swap(built, target)
    gradebook.register(course, assignment)
    return manifest


def check(course: Course, assignment: Assignment) -> None:
    """Builds the release elsewhere, without any gradebook.  Raises GateError listing how release/<name>/ differs from it."""
    target = courses.release_dir(course, assignment.name)
    with _built(course, assignment, None) as (built, manifest):
        found = changes.differing(built, target)
        words = _changed(course, assignment, manifest, built, found).clauses
    if found:
        said = list(dict.fromkeys([*words, *found]))
        shown = "; ".join(said[:8]) + (f"; and {len(said) - 8} more" if len(said) > 8 else "")
        raise GateError(
            f"release/{assignment.name} is not what source/{assignment.name} gives: {shown}.",
            f"Run: autograder release {assignment.name}",
        )


def _changed(course: Course, assignment: Assignment, manifest: Manifest, built: Path, found: list[str]) -> Changed:
    """What putting `built` in place changes; `found` are the files that differ, for what no manifest tells."""
    if not found:
        return Changed(())
    target = courses.release_dir(course, assignment.name)
    try:
        last = notebook.load_manifest(target / "manifest.json")
    except AuthoringError:  # none yet, or one that nobody can read any more
        last = None
    words = changes.changes(last, manifest, changes.digests(target), changes.digests(built))
    students = sorted(path.parent.name for path in course.root.glob(f"submitted/*/{assignment.name}") if path.is_dir())
    return Changed(tuple(words or found), changes.touched(last, manifest, students))


@contextlib.contextmanager
def _built(course: Course, assignment: Assignment, target: Path | None) -> Iterator[tuple[Path, Manifest]]:
    """A finished, gated release in a folder that goes away; on the file system of `target`, if it is to be moved there."""
    manifest = agree(course, assignment)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    aside = None if target is None else target.parent
    with tempfile.TemporaryDirectory(prefix=f".{assignment.name}-", dir=aside) as folder:
        built = gradebook.generate(course, assignment, Path(folder))
        if notebook.load_manifest(built / "manifest.json") != manifest:
            raise AuthoringError(
                f"source/{assignment.name}: nbgrader's release and our manifest disagree.",
                "Look for nbgrader regions other than SOLUTION in the cells: hidden tests belong into checks/.",
            )
        announced.write(course, assignment, manifest, built)
        gate(course, assignment, built)
        yield built, manifest


def last(course: Course, assignment: Assignment) -> Manifest:
    """The manifest of the release.  Raises UsageError where there is none."""
    path = courses.manifest_path(course, assignment.name)
    if not path.exists():
        raise UsageError(f"{assignment.name} has not been released.", f"Run: autograder release {assignment.name}")
    return notebook.load_manifest(path)


def released(course: Course, assignment: Assignment) -> Manifest:
    """The manifest of the release, which must be the one that the source gives today.  Raises UsageError."""
    manifest = last(course, assignment)
    if manifest != source_manifest(course, assignment):
        raise UsageError(
            f"The release of {assignment.name} is older than its source.", f"Run: autograder release {assignment.name}"
        )
    return manifest
