"""The manifest: what was released, taken from a notebook, written beside the release and read again."""

from __future__ import annotations

import ast
import dataclasses
import json
from pathlib import Path
from typing import Any

from autograder.errors import AuthoringError
from autograder.model import SCHEMA, Manifest, ReleasedCell, Role, Task
from autograder.notebook.magics import without_magics
from autograder.notebook.roles import TEST_SUFFIX, grade_id, marks, role_of, strip_solution
from autograder.notebook.text import source_of


def manifest_from_notebook(
    nb: dict[str, Any], assignment: str, *, title: str, models: tuple[str, ...] = ()
) -> Manifest:
    """The manifest of a source or a released notebook: the same for both.

    Raises AuthoringError where an answer has no function, no points, or an id that another cell has."""
    cells: list[ReleasedCell] = []
    tasks: list[Task] = []
    for number, cell in enumerate(nb.get("cells", []), start=1):
        where = f"{assignment}.ipynb, cell {number}"
        role, name = role_of(cell), grade_id(cell)
        if name and any(name == other.grade_id for other in cells):
            raise AuthoringError(f"{where}: the id {name!r} is used twice.", "Give one of the cells another grade_id.")
        source = source_of(cell)
        task = ""
        if role is Role.ANSWER:
            source = strip_solution(source)
            tasks.append(_task(cell, name, source, where))
            task = name
        elif role is Role.TEST:
            task = name.removesuffix(TEST_SUFFIX)
        cell_id = cell.get("id")
        cells.append(
            ReleasedCell(
                id=cell_id if isinstance(cell_id, str) else "",
                role=role,
                cell_type=str(cell.get("cell_type", "raw")),
                source=source,
                grade_id=name,
                task=task,
            )
        )
    known = {task.id for task in tasks}
    for released in cells:
        if released.role is Role.TEST and released.task not in known:
            raise AuthoringError(
                f"{assignment}.ipynb: the test cell {released.grade_id!r} belongs to no task.",
                f"Call it <task>{TEST_SUFFIX}; the tasks are {', '.join(sorted(known)) or 'none'}.",
            )
    return Manifest(assignment, title, f"{assignment}.ipynb", tuple(tasks), tuple(cells), models)


def _task(cell: dict[str, Any], name: str, stub: str, where: str) -> Task:
    if not name:
        raise AuthoringError(f"{where}: an answer cell without a grade_id.", "Give it one: it names the task.")
    points = marks(cell).get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or points < 0:
        raise AuthoringError(f"{where} ({name}): the answer has no points.", "Set nbgrader's `points` to a number.")
    try:
        tree = ast.parse(stub)
    except SyntaxError as error:
        raise AuthoringError(
            f"{where} ({name}): the stub is not valid Python: {error.msg}.",
            "Look at what the cell is without its solution.",
        ) from error
    candidates = [node for node in tree.body if isinstance(node, ast.FunctionDef) and ast.get_docstring(node)]
    if not candidates:
        raise AuthoringError(
            f"{where} ({name}): the answer defines no function with a docstring.", "Its first line is the task's title."
        )
    stubs = [node for node in candidates if "NotImplementedError" in ast.dump(node)]
    function = (stubs or candidates)[-1]
    title = (ast.get_docstring(function) or "").splitlines()[0].strip().removesuffix(".")
    return Task(id=name, title=title, function=function.name, points=float(points))


def manifest_to_json(manifest: Manifest) -> dict[str, Any]:
    """`manifest` as plain data for json.dumps."""
    return {"schema": SCHEMA, **dataclasses.asdict(manifest)}


def load_manifest(path: Path) -> Manifest:
    """The manifest in `path`.  Raises AuthoringError where it is missing, broken or of another schema."""
    remedy = "Build it with `autograder release`."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AuthoringError(f"There is no {path}.", remedy) from error
    except (OSError, ValueError) as error:
        raise AuthoringError(f"{path} cannot be read: {error}.", remedy) from error
    try:
        if data["schema"] != SCHEMA:
            raise AuthoringError(f"{path} has schema {data['schema']!r}, this version reads {SCHEMA}.", remedy)
        return Manifest(
            assignment=data["assignment"],
            title=data["title"],
            notebook=data["notebook"],
            tasks=tuple(Task(**task) for task in data["tasks"]),
            cells=tuple(ReleasedCell(**{**cell, "role": Role(cell["role"])}) for cell in data["cells"]),
            models=tuple(data["models"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AuthoringError(f"{path} is not a manifest: {type(error).__name__}: {error}.", remedy) from error


def imported_modules(manifest: Manifest, preload: tuple[str, ...]) -> tuple[str, ...]:
    """The modules that the released code cells import when they are graded, and those to `preload`, as dotted names, sorted: they are
    imported before the first fork, so that no worker has to."""
    found = set(preload)
    for cell in manifest.cells:
        if cell.cell_type != "code" or cell.role in {Role.TEST, Role.DEMO}:
            continue
        try:
            tree = ast.parse(without_magics(cell.source))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return tuple(sorted(found))
