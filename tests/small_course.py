"""A course of one small assignment, made from docs/template: one task, two checks, no model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook, variants
from autograder.model import Assignment, Course
from autograder.release import load_source

ROOT = Path(__file__).resolve().parent.parent
NAME, TASK = "counting", "count-vowels"
CONFIG = """from autograder.model import Assignment, Course

course = Course("small", "A small course", (Assignment("counting", "Counting vowels"),))
"""
Nb = dict[str, Any]


def make(root: Path, *, config: str = CONFIG, checks: str = "") -> Course:
    """Writes the course into the folder `root`: its configuration and its source, nothing released.  `checks` come in the place of the
    template's."""
    (root / courses.CONFIG).write_text(config, encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    source = root / "source" / NAME
    shutil.copytree(ROOT / "docs" / "template", source)
    (source / "template.ipynb").rename(source / f"{NAME}.ipynb")
    if checks:
        (source / "checks" / f"test_{NAME}.py").write_text(checks, encoding="utf-8")
    return courses.load(root)


def config_with(assignments: str = "") -> str:
    """The configuration of this repository's course, with these lines in the place of its assignments."""
    config = (ROOT / courses.CONFIG).read_text(encoding="utf-8")
    start, end = config.index("    assignments=(\n"), config.index("    limits=")
    return f"{config[:start]}    assignments=(\n{assignments}    ),\n{config[end:]}"


def assignment(course: Course) -> Assignment:
    return course.assignments[0]


def cell(nb: Nb, grade_id: str) -> Nb:
    """The cell of a notebook that nbgrader knows by `grade_id`."""
    return next(one for one in nb["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def edit(path: Path, change: Callable[[Nb], object]) -> None:
    """Has `change` alter the notebook in `path`."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    change(nb)
    path.write_text(notebook.canonical(nb), encoding="utf-8")


def replaced(grade_id: str, old: str, new: str) -> Callable[[Nb], None]:
    """A change for `edit`: another piece of text in a cell."""

    def change(nb: Nb) -> None:
        found = cell(nb, grade_id)
        text = "".join(found["source"])
        assert old in text
        found["source"] = text.replace(old, new)

    return change


def hand_in(course: Course, student: str, answer: str = "") -> Path:
    """Writes a student's notebook: the solution, or another answer, e.g. "wrong/count-vowels/distinct"."""
    known = {one.name: one.source for one in variants.variants(course, NAME)}
    nb = variants.notebook_of(load_source(course, NAME), {TASK: known[answer]} if answer else {})
    return hand_in_text(course, student, notebook.canonical(nb))


def hand_in_text(course: Course, student: str, text: str) -> Path:
    """Writes a student's file, whatever is in it."""
    path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
