"""`autograder gradescope A --into ZIP`: the autograder zip that Gradescope asks for."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder import course as courses
from autograder import files
from autograder.cli import show
from autograder.errors import UsageError
from autograder.lms.autograder_zip import autograder_zip
from autograder.release import released


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    (assignment,) = courses.pick(course, [options.assignment])
    released(course, assignment)
    path = Path(options.into or course.root / "exports" / f"{assignment.name}-gradescope.zip")
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", f"Name the file: {path / f'{assignment.name}.zip'}")
    with show.waiting(f"Packing {assignment.name}", quiet=options.quiet):
        files.write(path, autograder_zip(course, assignment))
    if not options.quiet:
        print(f"{path}  (it holds the hidden checks: for Gradescope and staff only)")
    return 0
