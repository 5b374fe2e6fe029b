"""`autograder publish DIR`: the public student repository, made from release/."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder import course as courses
from autograder import publish
from autograder.cli import show


def run(options: argparse.Namespace) -> int:
    show.writable(options.json)
    with show.waiting("Building the public repository", quiet=options.quiet):
        done = publish.publish(courses.load(), Path(options.folder), options.assignments)
    data = {
        "folder": str(done.folder),
        "assignments": [assignment.name for assignment in done.assignments],
        "files": list(done.files),
        "changed": list(done.changed),
    }
    show.write_json(data, options.json)
    if not options.quiet and options.json != "-":
        names = ", ".join(assignment.name for assignment in done.assignments)
        state = f"{len(done.changed)} of {len(done.files)} files are new or changed" if done.changed else "up to date"
        print(f"✓ {done.folder}: {names}; {state}")
        if done.changed:
            print("  Next: look at it, commit it there, and push it.")
    return 0
