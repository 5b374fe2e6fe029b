"""What a node needs to judge one assignment, without the repository: packed on one machine, unpacked on another."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder import course as courses
from autograder import draws, environment, files, fingerprint
from autograder.model import Assignment, Course, Manifest

MODEL = "the model "


@dataclass(frozen=True, slots=True)
class Bundle:
    """`files` are (path below the course's folder, content), `versions` what the sender judges with.

    It holds the hidden checks and the secret seeds of its one assignment, and nothing else that is secret: no solution, no student's name,
    no address of a gradebook, no other assignment."""

    course: Course
    assignment: Assignment
    manifest: Manifest
    seeds: tuple[int, ...]
    versions: dict[str, str]
    files: tuple[tuple[str, bytes], ...]
    digest: str = ""


def pack(course: Course, assignment: Assignment, manifest: Manifest) -> Bundle:
    """The bundle of an assignment; its `digest` is the same for the same content."""
    folders = [courses.checks_dir(course, assignment.name), courses.data_dir(course, assignment.name)]
    found = {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for folder in folders
        if folder is not None
        for _, path in files.below(folder)
    }
    needed = Course(
        course.name,
        course.title,
        (assignment,),
        required_layers=course.required_layers,
        limits=course.limits,
        unsafe=course.unsafe,
    )
    secret = tuple(draws.seeds(course, assignment.name))
    bundle = Bundle(needed, assignment, manifest, secret, judges_with(assignment.models), tuple(sorted(found.items())))
    return dataclasses.replace(bundle, digest=hashlib.sha256(repr(bundle).encode()).hexdigest())


def judges_with(models: Iterable[str] = ()) -> dict[str, str]:
    """What this machine judges with: versions, a digest of the grader's own code, which changes without its version, and the commits of
    those `models` that are here."""
    commits = {f"{MODEL}{name}": fingerprint.revision(name)[:12] for name in models}
    versions = {**environment.versions(), "the grader's code": fingerprint.code_digest()[:12]}
    return versions | {name: commit for name, commit in commits.items() if commit}


def differences(versions: dict[str, str]) -> str:
    """In what this machine judges with something else than `versions`, in words; "" if in nothing.  A model that is not here is no
    difference: who needs it will miss it."""
    here = judges_with(name.removeprefix(MODEL) for name in versions if name.startswith(MODEL))
    return ", ".join(
        f"{name} {here.get(name, '-')} instead of {version}"
        for name, version in versions.items()
        if here.get(name) != version and (name in here or not name.startswith(MODEL))
    )


def unpack(bundle: Bundle, folder: Path) -> None:
    """Writes the files below `folder`, which only this user may enter; a folder that is there already is taken to hold them."""
    if folder.is_dir():
        return
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name[:8]}-", dir=folder.parent))
    for name, data in bundle.files:
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    fresh.rename(folder)
