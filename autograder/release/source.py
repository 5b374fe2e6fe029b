"""What an instructor wrote: the notebook and its suite, read without running them, and whether they agree."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook
from autograder.errors import AuthoringError
from autograder.model import Assignment, Course, Manifest, Role
from autograder.notebook.roles import BEGIN, END, SETUP_ID, TEST_SUFFIX, grade_id, marks, strip_solution

DATA = "data"
_POINTS_ROW = re.compile(r"^\|\s*\d+\s*\|\s*`(\w+)`\s*\|\s*(\d+(?:\.\d+)?)\s*\|", re.MULTILINE)  # | 1 | `f` | 2 |


def load_source(course: Course, assignment: str) -> dict[str, Any]:
    """The instructor's notebook.  Raises AuthoringError where there is none."""
    path = courses.source_notebook(course, assignment)
    try:
        nb: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AuthoringError(f"{path} cannot be read: {error}.") from error
    cells = nb.get("cells") if isinstance(nb, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise AuthoringError(f"{path} cannot be read: it has no list of cells.", "Open and save it in JupyterLab.")
    return nb


def source_manifest(course: Course, assignment: Assignment) -> Manifest:
    """The manifest of what releasing the source now would give, without nbgrader."""
    nb = load_source(course, assignment.name)
    return notebook.manifest_from_notebook(nb, assignment.name, title=assignment.title, models=assignment.models)


def agree(course: Course, assignment: Assignment) -> Manifest:
    """The source's manifest.  Raises AuthoringError, naming file, cell and remedy, where notebook, suite and files do not fit together."""
    name = assignment.name
    nb, file = load_source(course, name), f"source/{name}/{name}.ipynb"
    _well_made(nb, file)
    manifest = source_manifest(course, assignment)
    _in_order(manifest)
    _points_in_the_text(manifest, file)
    _same_tasks(manifest, declared_tasks(courses.checks_dir(course, name)), file)
    _titles_of_their_own(courses.checks_dir(course, name))
    for path in courses.source_dir(course, name).rglob("*"):
        if path.is_symlink():
            raise AuthoringError(
                f"{path.relative_to(course.root)} is a link: a release holds the files themselves.",
                "Put the file in its place.",
            )
    return manifest


def cell_place(manifest: Manifest, grade_id: str) -> str:
    """Where a cell stands, for a message: "source/softmax/softmax.ipynb, cell 7 (softmax-test)"."""
    numbers = {cell.grade_id: number for number, cell in enumerate(manifest.cells, start=1)}
    file = f"source/{manifest.assignment}/{manifest.notebook}"
    return f"{file}, cell {numbers[grade_id]} ({grade_id})" if grade_id in numbers else file


# ── the notebook ──────────────────────────────────────────────────────────────────────────────────


def _well_made(nb: dict[str, Any], file: str) -> None:
    if (nb.get("nbformat"), nb.get("nbformat_minor")) != (4, 5):
        raise AuthoringError(f"{file} is not of nbformat 4.5.", "Open and save it in a current JupyterLab.")
    ids = [cell.get("id") for cell in nb["cells"]]
    first: dict[str, int] = {}
    for number, (cell, own) in enumerate(zip(nb["cells"], ids, strict=True), start=1):
        name = grade_id(cell)
        where = f"{file}, cell {number}{f' ({name})' if name else ''}"
        if name and first.setdefault(name, number) != number:
            raise AuthoringError(
                f"{where}: cell {first[name]} has the same grade_id.", "Give one of them another, or delete the copy."
            )
        if not isinstance(own, str) or not own or ids.count(own) > 1:
            raise AuthoringError(
                f"{where} has no id of its own: {own!r}: every release would get another one.",
                "Make the cell anew in JupyterLab, or give it another id.",
            )
        _marked(cell, where)


def _marked(cell: dict[str, Any], where: str) -> None:
    source, solution = notebook.source_of(cell), marks(cell).get("solution") is True
    if solution and cell.get("cell_type") != "code":
        raise AuthoringError(f"{where} is a written answer.", "Tasks are answered in code cells: make it one.")
    if solution and marks(cell).get("grade") is not True:
        raise AuthoringError(f"{where} is a solution without a grade.", "Mark it as graded, with points.")
    if solution and BEGIN not in source:
        raise AuthoringError(f"{where} is an answer without a solution region.", f"Put it between {BEGIN} and {END}.")
    if not solution and any(word.strip("# ") in source for word in (BEGIN, END)):
        raise AuthoringError(
            f"{where} has a solution region but is not marked as a solution.",
            "Mark it in Create Assignment as a manually graded answer, or take the lines out.",
        )
    if marks(cell).get("grade") is True and not solution:
        raise AuthoringError(f"{where} has points of its own.", "Points belong to the answer cell of the task.")
    try:
        strip_solution(source)
    except AuthoringError as error:
        raise AuthoringError(f"{where}: {error}", f"A solution stands between {BEGIN} and {END}.") from error


def _in_order(manifest: Manifest) -> None:
    """Set-up, then each answer, then its one visible test."""
    numbers = {cell.grade_id: number for number, cell in enumerate(manifest.cells, start=1)}
    setup = numbers.get(SETUP_ID, 0)
    for task in manifest.tasks:
        answer, test = cell_place(manifest, task.id), f"{task.id}{TEST_SUFFIX}"
        if test not in numbers:
            raise AuthoringError(f"{answer}: the task has no visible test.", f"Add the cell {test} below it.")
        if numbers[test] < numbers[task.id]:
            raise AuthoringError(
                f"{cell_place(manifest, test)} stands before the answer that it tests, cell {numbers[task.id]} ({task.id}).",
                "Move it below the answer: run from the top, it would fail.",
            )
        if numbers[task.id] < setup:
            raise AuthoringError(
                f"{answer} stands before the set-up, cell {setup} ({SETUP_ID}).", "Move the set-up above it."
            )
    functions = [task.function for task in manifest.tasks]
    for task in manifest.tasks:
        if functions.count(task.function) > 1:
            raise AuthoringError(
                f"{cell_place(manifest, task.id)}: two tasks ask for the function {task.function}.",
                "Give one of them another name.",
            )


def _points_in_the_text(manifest: Manifest, file: str) -> None:
    """A table in the notebook's text that names the tasks' functions and their points says what the cells say."""
    points = {task.function: task.points for task in manifest.tasks}
    rows: dict[str, int] = {}
    for number, cell in enumerate(manifest.cells, start=1):
        for function, said in _POINTS_ROW.findall(cell.source) if cell.role is Role.TEXT else ():
            where = f"{file}, cell {number} ({cell.grade_id or cell.id})"
            rows[function] = number
            if function not in points:
                raise AuthoringError(
                    f"{where}: the table has {function}, which is no task's function.", f"There is {', '.join(points)}."
                )
            if float(said) != points[function]:
                raise AuthoringError(
                    f"{where}: the table gives {function} {float(said):g} points, its answer cell {points[function]:g}.",
                    "Make them the same.",
                )
    for function in points:
        if rows and function not in rows:
            raise AuthoringError(
                f"{file}, cell {next(iter(rows.values()))}: the table of points lacks {function}.", "Add its row."
            )


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
    for node, path in _tested_nodes(checks):
        found += [_declared(call, node, _suite_file(path)) for call in map(_task_call, node.decorator_list) if call]
    return found


def _tested_nodes(checks: Path) -> Iterator[tuple[ast.ClassDef | ast.FunctionDef, Path]]:
    """The classes and functions at the top of a suite's files."""
    for path in sorted(checks.glob("test_*.py")):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        except (SyntaxError, ValueError) as error:
            raise AuthoringError(f"{_suite_file(path)} is not valid Python: {error}.") from error
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield node, path


def _suite_file(path: Path) -> str:
    return f"source/{path.parent.parent.name}/checks/{path.name}"


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


def _same_tasks(manifest: Manifest, suite: list[Declared], file: str) -> None:
    points = {task.id: task.points for task in manifest.tasks}
    for declared in suite:
        if declared.id not in points:
            raise AuthoringError(
                f"{declared.where}: the notebook {file} has no task {declared.id!r}.",
                f"Its answer cells are {', '.join(points)}: name one of these, or add the cell.",
            )
        if declared.points != points[declared.id]:
            raise AuthoringError(
                f"{cell_place(manifest, declared.id)} has {points[declared.id]:g} points, and {declared.points:g} in {declared.where}.",
                "Give both the same number.",
            )
    for task, worth in points.items():
        if not any(declared.checks for declared in suite if declared.id == task):
            raise AuthoringError(
                f"{cell_place(manifest, task)}: the task has no checks.",
                f'Add a class with @task("{task}", points={worth:g}) and tests to source/{manifest.assignment}/checks.',
            )


def _titles_of_their_own(checks: Path) -> None:
    places: dict[tuple[str, str], str] = {}
    for (task, title), place in _titled(checks):
        if places.setdefault((task, title), place) != place:
            raise AuthoringError(
                f"{place}: {task} has another check called {title!r}: {places[task, title]}.",
                "Give one of them another title: results are told apart by it.",
            )


def check_places(checks: Path) -> dict[tuple[str, str], str]:
    """(task id, title) → where the check stands, "source/softmax/checks/test_softmax.py, line 12 (test_sum)"."""
    return dict(_titled(checks))


def _titled(checks: Path) -> Iterator[tuple[tuple[str, str], str]]:
    for node, path in _tested_nodes(checks):
        for call in filter(None, map(_task_call, node.decorator_list)):
            task = _declared(call, node, "").id
            for part in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(part, ast.FunctionDef) and part.name.startswith("test"):
                    title = (ast.get_docstring(part, clean=False) or part.name).strip().splitlines()[0]
                    yield (task, title), f"{_suite_file(path)}, line {part.lineno} ({part.name})"
