"""The last look before anything is public: every file of the publication is read as a curious student would."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder import course as courses
from autograder import draws
from autograder.errors import GateError
from autograder.model import Assignment, Course
from autograder.release import place
from autograder.release.leaks import Secret, gate, secrets

# What lies beside a source notebook, wherever it turns up; the engine's own package `checks` has no tests.
KEPT_BACK = re.compile(r"(?:^|[/ ])(?:source/|variants/|checks/test_|references\.py)")


def check(course: Course, assignments: tuple[Assignment, ...], built: Path) -> None:
    """Raises GateError, naming the file and the text, where the publication in `built` gives something away.

    Everything, what is inside the wheel included, is held against the solutions and suites of the whole course, published or not, and
    all but the releases, which hold data, against the secret seeds."""
    written = tuple(one for one in course.assignments if courses.source_notebook(course, one.name).is_file())
    for assignment in assignments:
        others = tuple(one for one in written if one != assignment)
        gate(course, assignment, built / assignment.name, others=others)
    released = tuple(f"{assignment.name}/" for assignment in assignments)
    hidden = [secret for one in written for secret in secrets(course, one.name)]
    secret = _seeds(course)
    for name, data in _texts(built):
        if name.startswith(released):
            continue
        if KEPT_BACK.search(name):
            raise GateError(f"{name} is no part of what students get.")
        _look(name, data.decode("utf-8", "replace"), hidden, secret)


def _look(name: str, text: str, hidden: list[Secret], numbers: list[str]) -> None:
    for secret in hidden:
        if line := secret.found(text, code=name.endswith(".py")):
            raise GateError(f"{name} gives away {secret.what}: {line[:60]!r}")
    if any(seed in text for seed in numbers):
        raise GateError(f"{name} holds a secret seed of the course.")


def _texts(built: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every file, and of every file inside a wheel."""
    for name in place.listing(built):
        path = built / name
        if path.suffix != ".whl":
            yield name, path.read_bytes()
            continue
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if not member.startswith(
                    "autograder/released/"
                ):  # the manifests: they went through the gate of their release
                    yield f"{name}: {member}", archive.read(member)


def _seeds(course: Course) -> list[str]:
    try:
        kept = json.loads(draws.seeds_path(course).read_text(encoding="utf-8"))
        return [str(seed) for numbers in kept.values() for seed in numbers]
    except (OSError, ValueError, AttributeError, TypeError):
        return []
