"""`autograder models`: the course's models, into the Hugging Face cache."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autograder import course as courses
from autograder import models
from autograder.notebook.known import known


def run(options: argparse.Namespace) -> int:
    names = tuple(options.names) or _of_the_course()
    missing = [name for name in names if models.status(name) is None]

    def say(text: str) -> None:
        if not options.quiet:
            print(text, file=sys.stderr, flush=True)

    for installed in models.ensure(names, say):
        if missing:
            say(f"{installed.name}: ready ({installed.origin})")
    return 0


def _of_the_course() -> tuple[str, ...]:
    """Of course_config.py; of the releases that are known here, where a student has none."""
    if courses.find_root() is None and (releases := known(Path.cwd())):
        return tuple(dict.fromkeys(name for manifest, _ in releases.values() for name in manifest.models))
    course = courses.load()
    return tuple(dict.fromkeys(name for assignment in course.assignments for name in assignment.models))
