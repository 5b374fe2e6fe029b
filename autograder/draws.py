"""The secret seeds that the hidden checks of an assignment draw their inputs from."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from autograder import files
from autograder.errors import InfrastructureError
from autograder.model import Course

SEEDS = 4


def seeds_path(course: Course) -> Path:
    return course.root / ".autograder" / "seeds.json"


def seeds(course: Course, assignment: str) -> list[int]:
    """The secret seeds of an assignment, made on first use: a regrade gives the same verdict.

    Raises InfrastructureError where they cannot be read or kept: others would give other verdicts."""
    path = seeds_path(course)
    known = _known(path)
    if assignment not in known:
        with _alone(path.parent):
            known = _known(path)  # another command may have made some since
            if assignment not in known:
                known[assignment] = [secrets.randbits(48) for _ in range(SEEDS)]
                files.write(path, json.dumps(known, indent=1), mode=0o600)
    return known[assignment]


def _known(path: Path) -> dict[str, list[int]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(found, dict) or not all(
        isinstance(numbers, list) and numbers and all(type(number) is int for number in numbers)
        for numbers in found.values()
    ):
        raise _damaged(path, "it holds something else than lists of numbers")
    return found


def _damaged(path: Path, why: str) -> InfrastructureError:
    return InfrastructureError(
        f"The secret seeds in {path} cannot be read: {why}.",
        "Put back a copy of the file.  Without one, delete it: new seeds are made, and points may change a little.",
    )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps every other command on this machine out, as long as this one is in."""
    import fcntl

    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise InfrastructureError(
            f"The secret seeds cannot be kept in {folder}: {error.strerror}.", "May you write there?"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
