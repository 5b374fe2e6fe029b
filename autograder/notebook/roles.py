"""What a cell is for, and what remains of an answer when its solution is taken out.

These conventions hold for notebooks that instructors wrote.  The role of a student's cell comes from the manifest."""

from __future__ import annotations

from typing import Any

from autograder.errors import AuthoringError
from autograder.model import Role
from autograder.notebook.text import joined

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = ("# YOUR CODE HERE", "raise NotImplementedError")
SETUP_ID = "setup"
TEST_SUFFIX = "-test"


def marks(cell: dict[str, Any]) -> dict[str, Any]:
    """nbgrader's metadata of a cell; {} where there is none or it is not what it should be."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def grade_id(cell: dict[str, Any]) -> str:
    return joined(marks(cell).get("grade_id"))


def tags(cell: dict[str, Any]) -> tuple[str, ...]:
    metadata = cell.get("metadata")
    found = metadata.get("tags") if isinstance(metadata, dict) else None
    return tuple(tag for tag in found if isinstance(tag, str)) if isinstance(found, list) else ()


def role_of(cell: dict[str, Any]) -> Role:
    """The role of a cell of a source or released notebook."""
    if cell.get("cell_type") != "code":
        return Role.TEXT
    mark, name = marks(cell), grade_id(cell)
    if mark.get("solution") is True:
        return Role.ANSWER
    if mark and name == SETUP_ID:
        return Role.SETUP
    if mark and name.endswith(TEST_SUFFIX):
        return Role.TEST
    return Role.DEMO if "demo" in tags(cell) else Role.CODE


def strip_solution(source: str) -> str:
    """`source` with every solution region replaced by the stub at the region's indent, as nbgrader's ClearSolutions does.

    Raises AuthoringError for a region that is not closed, not opened or opened twice."""
    kept: list[str] = []
    inside = False
    for number, line in enumerate(source.split("\n"), start=1):
        if BEGIN in line:
            if inside:
                raise AuthoringError(f"Line {number} of a cell opens a solution inside a solution.")
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + part for part in STUB]
        elif END in line:
            if not inside:
                raise AuthoringError(f"Line {number} of a cell ends a solution that did not begin.")
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise AuthoringError(f"A cell has {BEGIN!r} without {END!r}.")
    return "\n".join(kept)
