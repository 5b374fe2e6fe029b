"""`autograder release`: builds what students get, or says whether it is up to date."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from autograder import course as courses
from autograder import release
from autograder.errors import AuthoringError


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    worst = 0
    for assignment in courses.pick(course, options.assignments):
        try:
            if options.check:
                release.check(course, assignment)
                said = f"release/{assignment.name} is what its source gives"
            else:
                say = None if options.quiet else partial(_say, assignment.name)
                manifest = release.release(course, assignment, tell=say)
                tasks, points = len(manifest.tasks), manifest.max_score
                said = f"release/{assignment.name}: {len(manifest.cells)} cells, {tasks} tasks, {points:g} points"
        except AuthoringError as error:  # the other assignments get their line all the same
            if options.debug:
                raise
            print(f"✗ {error}", file=sys.stderr)
            worst = max(worst, error.exit_code)
        else:
            if not options.quiet:
                print(f"✓ {said}")
    return worst


def _say(name: str, changed: release.Changed) -> None:
    """What a release changes, before it is written: a line, or a line for each change."""
    if not changed.clauses:
        print(f"{name}: unchanged")
        return
    print(f"{name}: changes", *(f"  {clause}" for clause in changed.clauses), sep="\n")
    if changed.touches:
        print(f"  ! {changed.touches}")
