"""What a result depends on, in three digests: the submission's bytes, the checks, and the environment that ran and judged it.

Cheap: files are read, nothing is imported or run."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import environment as surroundings
from autograder import files, notebook
from autograder.model import Assignment, Course, Fingerprint, Manifest

RELEASE = "the release"
"""Among `check_parts`, the one that is no file of checks/."""
_CODE = (
    "draws.py",
    "environment.py",
    "fingerprint.py",
    "judge.py",
    "model.py",
    "checks",
    "code",
    "notebook",
    "sandbox",
    "wire",
    "worker",
)
"""What of this package runs submissions and judges them."""


def checks(course: Course, assignment: Assignment, manifest: Manifest) -> str:
    """sha256 over everything that says what is checked and what it is worth."""
    return of_parts(check_parts(course, assignment, manifest))


def of_parts(parts: dict[str, str]) -> str:
    """The digest `checks` of `check_parts` that are known already."""
    return _of(parts)


def check_parts(course: Course, assignment: Assignment, manifest: Manifest) -> dict[str, str]:
    """The release (its tests, its points) and every file of checks/, each with its sha256."""
    released = _of(notebook.manifest_to_json(manifest))
    return {RELEASE: released, **_files(courses.checks_dir(course, assignment.name))}


def environment(course: Course, assignment: Assignment) -> str:
    """sha256 over what can change a verdict besides: versions, limits, the models, the data, this package's own code."""
    data = courses.data_dir(course, assignment.name)
    return _of(
        {
            "versions": surroundings.versions(),
            "limits": dataclasses.asdict(course.limits),
            "models": {name: revision(name) for name in assignment.models},
            "preload": assignment.preload,
            "data": _files(data) if data else {},
            "code": _code(),
        }
    )


def expected(course: Course, assignment: Assignment, parts: dict[str, str]) -> Fingerprint:
    """The fingerprint of a result that would be made now, of these `check_parts`, but for the submission."""
    return Fingerprint("", of_parts(parts), environment(course, assignment))


def code_digest() -> str:
    """sha256, in hexadecimal, over the source files of this package that run submissions and judge them."""
    return _of(_code()).removeprefix("sha256:")


def _of(data: Any) -> str:
    return f"sha256:{hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()}"


def _files(folder: Path) -> dict[str, str]:
    """The files below `folder`, each with the sha256 of its content."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.below(folder)}


@functools.cache
def _code() -> dict[str, str]:
    """The source files of this process's own package: read once, as they were imported once."""
    here = Path(__file__).parent
    found = {name: _files(here / name) for name in _CODE if (here / name).is_dir()}
    alone = {name: hashlib.sha256((here / name).read_bytes()).hexdigest() for name in _CODE if (here / name).is_file()}
    return {f"{folder}/{name}": digest for folder, digests in found.items() for name, digest in digests.items()} | alone


def revision(model: str) -> str:
    """The commit that `from_pretrained` finds for `model` in the cache; empty where there is none."""
    from huggingface_hub import constants

    main = Path(constants.HF_HUB_CACHE, f"models--{model.replace('/', '--')}", "refs", "main")
    try:
        return main.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
