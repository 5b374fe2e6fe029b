"""What an instructor wrote: the notebook and its suite, read without running them, and whether they agree."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook
from autograder.errors import AuthoringError
from autograder.model import Assignment, Course, Manifest, Role
from autograder.notebook.roles import BEGIN, END, TEST_SUFFIX, grade_id, marks

DATA = "data"


def source_notebook(course: Course, assignment: str) -> dict[str, Any]:
    """The instructor's notebook.  Raises AuthoringError where there is none."""
    path = courses.source_notebook(course, assignment)
    try:
        nb: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(nb["cells"], list) or not all(isinstance(cell, dict) for cell in nb["cells"]):
            raise TypeError("its cells are no cells")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AuthoringError(f"{path} cannot be read: {error}.") from error
    return nb


def source_manifest(course: Course, assignment: Assignment) -> Manifest:
    """The manifest of what releasing the source now would give, without nbgrader."""
    nb = source_notebook(course, assignment.name)
    return notebook.manifest_from_notebook(nb, assignment.name, title=assignment.title, models=assignment.models)


def agree(course: Course, assignment: Assignment) -> Manifest:
    """The source's manifest.  Raises AuthoringError, naming file and task, where notebook, suite and files do not fit together."""
    name = assignment.name
    nb = source_notebook(course, name)
    _well_made(nb, f"source/{name}/{name}.ipynb")
    manifest = source_manifest(course, assignment)
    _tested(manifest, f"source/{name}/{name}.ipynb")
    _same_tasks(manifest, declared_tasks(courses.checks_dir(course, name)), f"source/{name}/checks")
    for path in courses.source_dir(course, name).rglob("*"):
        if path.is_symlink():
            raise AuthoringError(f"{path.relative_to(course.root)} is a link: a release holds the files themselves.")
    return manifest


# ── the notebook ──────────────────────────────────────────────────────────────────────────────────


def _well_made(nb: dict[str, Any], file: str) -> None:
    if (nb.get("nbformat"), nb.get("nbformat_minor")) != (4, 5):
        raise AuthoringError(f"{file} is not of nbformat 4.5.", "Open and save it in a current JupyterLab.")
    ids = [cell.get("id") for cell in nb["cells"]]
    for number, (cell, own) in enumerate(zip(nb["cells"], ids, strict=True), start=1):
        where = f"{file}, cell {number}{f' ({grade_id(cell)})' if grade_id(cell) else ''}"
        if not isinstance(own, str) or not own or ids.count(own) > 1:
            raise AuthoringError(f"{where} has no id of its own: {own!r}.", "Every release would get another one.")
        source, solution = notebook.source_of(cell), marks(cell).get("solution") is True
        if solution and cell.get("cell_type") != "code":
            raise AuthoringError(f"{where} is a written answer: tasks are answered in code cells.")
        if solution and marks(cell).get("grade") is not True:
            raise AuthoringError(f"{where} is a solution without a grade.", "Mark it as graded, with points.")
        if solution and BEGIN not in source:
            raise AuthoringError(
                f"{where} is an answer without a solution region.", f"Put it between {BEGIN} and {END}."
            )
        if not solution and any(word.strip("# ") in source for word in (BEGIN, END)):
            raise AuthoringError(f"{where} has a solution region but is not marked as a solution.")
        if marks(cell).get("grade") is True and not solution:
            raise AuthoringError(f"{where} has points of its own.", "Points belong to the answer cell of the task.")


def _tested(manifest: Manifest, file: str) -> None:
    tested = {cell.task for cell in manifest.cells if cell.role is Role.TEST}
    for task in manifest.tasks:
        if task.id not in tested:
            raise AuthoringError(
                f"{file}: the task {task.id} has no visible test.", f"Add the cell {task.id}{TEST_SUFFIX}."
            )
    if len({task.function for task in manifest.tasks}) < len(manifest.tasks):
        raise AuthoringError(f"{file}: two tasks ask for the same function.")


# ── the suite ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Declared:
    """One `@task("id", points=N)` in a suite.  `checks` counts the tests below it, `file` is its file in checks/."""

    id: str
    points: float
    checks: int
    file: str
    where: str


def declared_tasks(checks: Path) -> list[Declared]:
    """Every @task of a suite, read from its text: nothing is imported or run.  Raises AuthoringError where that is not possible."""
    found = []
    for path in sorted(checks.glob("test_*.py")):
        file = f"{path.parent.parent.name}/checks/{path.name}"
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        except (SyntaxError, ValueError) as error:
            raise AuthoringError(f"{file} is not valid Python: {error}.") from error
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found += [_declared(call, node, file) for call in map(_task_call, node.decorator_list) if call]
    return found


def _task_call(decorator: ast.expr) -> ast.Call | None:
    if not isinstance(decorator, ast.Call):
        return None
    name = decorator.func.attr if isinstance(decorator.func, ast.Attribute) else getattr(decorator.func, "id", "")
    return decorator if name == "task" else None


def _declared(call: ast.Call, node: ast.ClassDef | ast.FunctionDef, file: str) -> Declared:
    where = f"{file}, line {call.lineno}"
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    try:
        task_id = ast.literal_eval(call.args[0] if call.args else named["task_id"])
        points = ast.literal_eval(named["points"])
    except (KeyError, ValueError) as error:
        raise AuthoringError(f'{where}: a task is written @task("id", points=N), in plain values.') from error
    if not isinstance(task_id, str) or isinstance(points, bool) or not isinstance(points, int | float):
        raise AuthoringError(f'{where}: a task is written @task("id", points=N), with a number.')
    if isinstance(node, ast.FunctionDef):
        checks = 1
    else:
        checks = sum(isinstance(part, ast.FunctionDef) and part.name.startswith("test") for part in node.body)
    return Declared(task_id, float(points), checks, file.rpartition("/")[2], where)


def _same_tasks(manifest: Manifest, suite: list[Declared], folder: str) -> None:
    points = {task.id: task.points for task in manifest.tasks}
    for declared in suite:
        if declared.id not in points:
            raise AuthoringError(
                f"{declared.where}: the notebook has no task {declared.id!r}.", f"It has {', '.join(points)}."
            )
        if declared.points != points[declared.id]:
            raise AuthoringError(
                f"{declared.where}: {declared.id} has {declared.points:g} points here and {points[declared.id]:g} in the notebook."
            )
    for task in points:
        if not any(declared.checks for declared in suite if declared.id == task):
            raise AuthoringError(
                f"{folder}: the task {task} has no checks.", "Add a class with @task and tests to the suite."
            )
