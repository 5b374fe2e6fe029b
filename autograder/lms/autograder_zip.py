"""The autograder zip for Gradescope: setup.sh, run_autograder, and all that one assignment's grading needs."""

from __future__ import annotations

import io
import json
import shlex
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder import course as courses
from autograder import draws, files
from autograder.errors import UsageError
from autograder.model import Assignment, Course

PACKAGE = Path(__file__).resolve().parent.parent
SCRIPTS = {"setup.sh": "setup.sh", "run_autograder": "run_autograder.sh"}
NEEDED = (courses.CONFIG, "pyproject.toml", "requirements.lock", "README.md", "LICENSE")
LEFT_OUT = "variants/"  # known answers, solutions among them


def autograder_zip(course: Course, assignment: Assignment) -> bytes:
    """The zip, the same for the same course.  It holds the hidden checks and their secret seeds: it is for Gradescope and staff only.

    Raises UsageError where a file of the repository is missing that the container needs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(_files(course, assignment)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o100755 if name in SCRIPTS else 0o100644) << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _files(course: Course, assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    for name, script in SCRIPTS.items():
        yield name, (PACKAGE / "lms" / script).read_bytes()
    yield "assignment.env", _settings(assignment).encode()
    yield ".autograder/seeds.json", json.dumps({assignment.name: draws.seeds(course, assignment.name)}).encode()
    for name in NEEDED:
        path = course.root / name
        if not path.is_file():
            raise UsageError(f"There is no {name} in {course.root}.", "Run this in the instructors' repository.")
        yield name, path.read_bytes()
    folders = [
        (PACKAGE, "autograder"),
        (courses.source_dir(course, assignment.name), f"source/{assignment.name}"),
        (courses.release_dir(course, assignment.name), f"release/{assignment.name}"),
    ]
    for folder, name in folders:
        for inside, path in files.below(folder):
            if not inside.startswith(LEFT_OUT):
                yield f"{name}/{inside}", path.read_bytes()


def _settings(assignment: Assignment) -> str:
    """What the two scripts ask for, in their language."""
    models = " ".join(map(shlex.quote, assignment.models))
    return f"ASSIGNMENT={shlex.quote(assignment.name)}\nMODELS=({models})\n"
