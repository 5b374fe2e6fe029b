"""A notebook of two tasks as its author, its release and a student have it, and how it is read when it is handed in."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from autograder.model import Limits, NotGradable, Role, Submission
from autograder.notebook import manifest_from_notebook, read, strip_solution

Notebook = dict[str, Any]
LIMITS = Limits(notebook_mb=1)

DOUBLE = '''def double(x: int) -> int:
    """Twice a number

    Any integer."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION'''
TRIPLE = '''def triple(x: int) -> int:
    """Three times a number."""
    ### BEGIN SOLUTION
    return double(x) + x
    ### END SOLUTION'''
SETUP = "import math\nimport random"
DOUBLE_TEST = 'assert double(2) == 4, "double(2) is 4"\nassert double(0) == 0, "double(0) is 0"\nprint("double: the visible tests pass.")'
TRIPLE_TEST = 'assert triple(2) == 6, "triple(2) is 6"\nprint("triple: the visible tests pass.")'
PICTURE = "import matplotlib.pyplot as plt\nplt.plot([double(x) for x in range(9)])"


def cell(
    number: int, source: str, kind: str = "code", mark: Notebook | None = None, tags: list[str] | None = None
) -> Notebook:
    metadata: Notebook = {}
    if mark:
        metadata["nbgrader"] = {
            "grade": False,
            "solution": False,
            "locked": True,
            "schema_version": 3,
            "task": False,
        } | mark
    if tags:
        metadata["tags"] = tags
    made: Notebook = {"cell_type": kind, "id": f"cell-{number}", "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def answer(number: int, name: str, source: str, points: float) -> Notebook:
    mark = {"grade_id": name, "grade": True, "solution": True, "locked": False, "points": points}
    return cell(number, source, mark=mark)


SOURCE: Notebook = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "cells": [
        cell(0, "# Numbers", "markdown"),
        cell(1, SETUP, mark={"grade_id": "setup"}),
        cell(2, "First, double.", "markdown"),
        answer(3, "times-two", DOUBLE, 4),
        cell(4, DOUBLE_TEST, mark={"grade_id": "times-two-test"}),
        cell(5, PICTURE, tags=["demo"]),
        cell(6, "Then, triple.", "markdown"),
        answer(7, "times-three", TRIPLE, 6.5),
        cell(8, TRIPLE_TEST, mark={"grade_id": "times-three-test"}),
        cell(9, "x = 12"),
    ],
}
SETUP_AT, DOUBLE_AT, DOUBLE_TEST_AT, PICTURE_AT, TRIPLE_AT, TRIPLE_TEST_AT = 1, 3, 4, 5, 7, 8
MY_DOUBLE = "def double(x):\n    return x + x"
MY_TRIPLE = "def triple(x):\n    return x + x + x"


def released() -> Notebook:
    nb = copy.deepcopy(SOURCE)
    for each in nb["cells"]:
        each["source"] = strip_solution(each["source"])
    return nb


def answered() -> Notebook:
    nb = released()
    nb["cells"][DOUBLE_AT]["source"] = MY_DOUBLE
    nb["cells"][TRIPLE_AT]["source"] = MY_TRIPLE
    return nb


MANIFEST = manifest_from_notebook(SOURCE, "numbers", title="Numbers", models=("a/model",))


def hand_in(content: object) -> Submission | NotGradable:
    """What is read of a file with this content: bytes, or what JSON can say."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.ipynb"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read(path, MANIFEST, "ada", LIMITS)


def accepted(result: Submission | NotGradable) -> Submission:
    assert isinstance(result, Submission), result
    return result


def values(submission: Submission) -> tuple[object, object]:
    """What the submission's code answers, as a grader would run it: every code cell that is no test and no demo."""
    names: dict[str, Any] = {}
    for each in submission.cells:
        if each.cell_type == "code" and each.role in (Role.SETUP, Role.ANSWER, Role.CODE):
            exec(each.source, names)
    return names["double"](5), names["triple"](5)
