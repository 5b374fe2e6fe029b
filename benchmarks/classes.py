"""The class that is graded: answers of known worth, six right ones for every four wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook, variants
from autograder.model import Course
from autograder.release import load_source, source_manifest

COPIED = ("course_config.py", "nbgrader_config.py", "source", "release")


def answers(course: Course, name: str, size: int) -> list[dict[str, str]]:
    """Task id → answer for each student; what is not named is the solution's."""
    every = variants.variants(course, name)
    right = [variant for variant in every if variant.kind == "right"]
    wrong = [variant for variant in every if variant.kind == "wrong"]
    rights = round(0.6 * size)
    wrongs = size - rights
    chosen = [right[number * len(right) // rights] for number in range(rights)]
    chosen += [wrong[number * len(wrong) // wrongs] for number in range(wrongs)]
    return [{variant.task: variant.source} for variant in chosen]


def write(root: Path, course: Course, name: str, size: int) -> Course:
    """Makes `root` a course of its own, with a class of `size` that has handed in assignment `name`, and returns it."""
    _copy(root, course)
    solution = load_source(course, name)
    for number, given in enumerate(answers(course, name, size)):
        place = root / "submitted" / student(number) / name
        place.mkdir(parents=True, exist_ok=True)
        nb = signed(variants.notebook_of(solution, given), student(number))
        (place / f"{name}.ipynb").write_text(notebook.canonical(nb), encoding="utf-8")
    return courses.load(root)


def untouched(root: Path, course: Course, name: str, size: int) -> Course:
    """As `write`, with a class that has handed in the release as it was."""
    _copy(root, course)
    released = json.loads((courses.release_dir(course, name) / f"{name}.ipynb").read_text(encoding="utf-8"))
    for number in range(size):
        place = root / "submitted" / student(number) / name
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.ipynb").write_text(notebook.canonical(signed(released, student(number))), encoding="utf-8")
    return courses.load(root)


def _copy(root: Path, course: Course) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for part in COPIED:
        place = course.root / part
        if place.is_dir():
            shutil.copytree(place, root / part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, root / part)


def student(number: int) -> str:
    return f"s{number:05d}"


def signed(nb: dict[str, Any], who: str) -> dict[str, Any]:
    """No two students hand in the same bytes."""
    cell = {
        "cell_type": "markdown",
        "id": "mine",
        "metadata": {},
        "source": f"Handed in by {who}.",
    }
    return {**nb, "cells": [*nb["cells"], cell]}


def points(course: Course, name: str) -> dict[str, float]:
    return {
        task.id: task.points for task in source_manifest(course, course.assignment(name) or course.assignments[0]).tasks
    }
