"""`autograder publish DIR`: the public student repository, made from release/."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder import course as courses
from autograder import publish


def run(options: argparse.Namespace) -> int:
    done = publish.publish(courses.load(), Path(options.folder), options.assignments)
    if not options.quiet:
        names = ", ".join(assignment.name for assignment in done.assignments)
        state = f"{len(done.changed)} of {len(done.files)} files are new or changed" if done.changed else "up to date"
        print(f"✓ {done.folder}: {names}; {state}")
        if done.changed:
            print("  Next: look at it, commit it there, and push it.")
    return 0
