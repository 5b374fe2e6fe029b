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
from autograder.release import source_notebook

ROOT = Path(__file__).resolve().parent.parent
NAME, TASK = "counting", "count-vowels"
CONFIG = """from autograder.model import Assignment, Course

course = Course("small", "A small course", (Assignment("counting", "Counting vowels"),))
"""


def make(root: Path) -> Course:
    """Writes the course into the folder `root`: its configuration and its source, nothing released."""
    (root / courses.CONFIG).write_text(CONFIG, encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    source = root / "source" / NAME
    shutil.copytree(ROOT / "docs" / "template", source)
    (source / "template.ipynb").rename(source / f"{NAME}.ipynb")
    return courses.load(root)


def assignment(course: Course) -> Assignment:
    return course.assignments[0]


def cell(nb: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """The cell of a notebook that nbgrader knows by `grade_id`."""
    return next(one for one in nb["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Has `change` alter the notebook in `path`."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    change(nb)
    path.write_text(notebook.canonical(nb), encoding="utf-8")


def hand_in(course: Course, student: str, answer: str = "") -> Path:
    """Writes a student's notebook: the solution, or another answer, e.g. "wrong/count-vowels/distinct"."""
    known = {one.name: one.source for one in variants.variants(course, NAME)}
    nb = variants.notebook_of(source_notebook(course, NAME), {TASK: known[answer]} if answer else {})
    path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook.canonical(nb), encoding="utf-8")
    return path
