"""What a node needs to judge one assignment, without the repository: packed on one machine, unpacked on another."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
from dataclasses import dataclass
from pathlib import Path

from autograder import course as courses
from autograder.environment import versions
from autograder.judge import seeds
from autograder.model import Assignment, Course, Manifest

LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}


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
        for path in folder.rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.parts)
    }
    needed = Course(
        course.name,
        course.title,
        (assignment,),
        required_layers=course.required_layers,
        limits=course.limits,
        unsafe=course.unsafe,
    )
    secret = tuple(seeds(course, assignment.name))
    bundle = Bundle(needed, assignment, manifest, secret, versions(), tuple(sorted(found.items())))
    return dataclasses.replace(bundle, digest=hashlib.sha256(pickle.dumps(bundle)).hexdigest())


def unpack(bundle: Bundle, folder: Path) -> Course:
    """Writes the files below the new folder `folder`, which only this user may enter; returns the course that lies there."""
    folder.mkdir(mode=0o700)
    for name, data in bundle.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return dataclasses.replace(bundle.course, root=folder)
