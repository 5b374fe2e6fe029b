"""`autograder release`: builds what students get, or says whether it is up to date."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from autograder import course as courses
from autograder import release
from autograder.cli import show
from autograder.errors import AuthoringError
from autograder.model import Assignment, Course
from autograder.words import plural


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    chosen = courses.pick(course, options.assignments)
    worst = 0
    data = []
    title = "Building releases again" if options.check else "Releasing"
    with show.progress(title, len(chosen), quiet=options.quiet, told=True) as advance:
        for assignment in chosen:
            found: dict[str, Any] = {"assignment": assignment.name, "problem": ""}
            try:
                _check(course, assignment, options) if options.check else _release(course, assignment, options, found)
            except AuthoringError as error:  # the other assignments get their line all the same
                if options.debug:
                    raise
                print(f"✗ {error}", file=sys.stderr)
                found["problem"] = str(error)
                worst = max(worst, error.exit_code)
            data.append(found)
            advance(assignment)
    show.write_json(data, options.json)
    return worst


def _check(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    release.check(course, assignment)
    if _speaks(options):
        print(f"✓ release/{assignment.name} is what its source gives")


def _release(course: Course, assignment: Assignment, options: argparse.Namespace, found: dict[str, Any]) -> None:
    """Releases, and notes in `found` what that changes and how large the release is."""

    def tell(changed: release.Changed) -> None:
        found.update(changes=list(changed.clauses), touches=changed.touches)
        if _speaks(options):
            _say(assignment.name, changed)

    manifest = release.release(course, assignment, tell=tell)
    cells, tasks, points = len(manifest.cells), len(manifest.tasks), manifest.max_score
    found.update(cells=cells, tasks=tasks, points=points)
    if _speaks(options):
        held = f"{plural(cells, 'cell')}, {plural(tasks, 'task')}, {points:g} points"
        print(f"✓ release/{assignment.name}: {held}")


def _speaks(options: argparse.Namespace) -> bool:
    return not options.quiet and options.json != "-"


def _say(name: str, changed: release.Changed) -> None:
    """What a release changes, before it is written: a line, or a line for each change."""
    if not changed.clauses:
        print(f"{name}: unchanged")
        return
    print(f"{name}: changes", *(f"  {clause}" for clause in changed.clauses), sep="\n")
    if changed.touches:
        print(f"  ! {changed.touches}")
