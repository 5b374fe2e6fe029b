"""`autograder models`: the course's models, into the Hugging Face cache."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autograder import course as courses
from autograder import models
from autograder.cli import show
from autograder.notebook.known import around


def run(options: argparse.Namespace) -> int:
    show.writable(options.json)
    names = tuple(options.names) or _of_the_course()
    missing = [name for name in names if models.status(name) is None]
    with models.shown(quiet=options.quiet) as (say, share):
        ready = models.ensure(names, say, share, verified=True)
    if not options.quiet:
        lines = [f"{one.name}: ready ({one.origin})" for one in ready] if missing else [f"Ready: {', '.join(names)}"]
        print("\n".join(lines), file=sys.stderr)
    show.write_json([{"name": one.name, "origin": one.origin, "path": str(one.path)} for one in ready], options.json)
    return 0


def _of_the_course() -> tuple[str, ...]:
    """Of course_config.py; of the releases that are known here, where a student has none."""
    if courses.find_root() is None and (releases := around(Path.cwd())):
        return tuple(dict.fromkeys(name for manifest in releases for name in manifest.models))
    course = courses.load()
    return tuple(dict.fromkeys(name for assignment in course.assignments for name in assignment.models))
