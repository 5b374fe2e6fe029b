"""A notebook as people leave it: names bound again, set-up cells below their own, tests that use what the cells above them give."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from sample_notebook import Notebook, answer, cell

from autograder import notebook
from autograder.errors import AuthoringError
from autograder.judge import Judge, open_judge
from autograder.model import Assignment, Course, Manifest, Outcome, Report, Submission

SETUP = "%matplotlib inline\nimport os\nimport math\nassert 'BROKEN' not in os.environ, 'broken'"
LOCKED: Notebook = {"locked": True}
SOURCE: Notebook = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        cell(0, "# Numbers", "markdown"),
        cell(1, SETUP, mark={"grade_id": "setup"}),
        cell(2, "given = [1, 2]\ndef thrice(x):\n    return 3 * x\ndisplay(given)", mark={"grade_id": "given"}),
        answer(3, "times-two", 'def helper(x):\n    return x\ndef double(x):\n    """Twice."""\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION', 4),
        cell(4, "doubled = double(4)\nprint(doubled)", mark={"grade_id": "doubled"}),
        cell(5, "own = 7"),
        cell(6, "assert double(2) == 4, 'four'\nassert doubled == 8 and thrice(1) == 3 and given == [1, 2]\nassert helper(5) == 5, 'helper'", mark={"grade_id": "times-two-test"}),
        answer(7, "plus-one", 'def more(x):\n    """One more."""\n    ### BEGIN SOLUTION\n    return math.floor(double(x) / 2) + 1\n    ### END SOLUTION', 2),
        cell(8, "assert more(2) == 3, 'three'", mark={"grade_id": "plus-one-test"}),
    ],
}  # fmt: skip
MANIFEST = notebook.manifest_from_notebook(SOURCE, "numbers", title="Numbers")
ANSWERS = {
    3: "def helper(x):\n    return x\ndef double(x):\n    return x + x",
    7: "def more(x):\n    return math.floor(double(x) / 2) + 1",
}
Hand = Callable[..., Report]


def _opened(manifest: Manifest, course: Course) -> Generator[Judge]:
    with open_judge(course, Assignment("numbers", "Numbers"), manifest, hidden=False) as judge:
        yield judge


@pytest.fixture(scope="module")
def judge(course: Course) -> Iterator[Judge]:
    yield from _opened(MANIFEST, course)


@pytest.fixture
def hand(judge: Judge, tmp_path: Path) -> Hand:
    """`hand(extra, at=…)`: the report on a right notebook with one more cell, the last or the one number `at`; `answers` replace some."""

    def of(extra: str = "", *, at: int = 99, answers: dict[int, str] | None = None) -> Report:
        nb = copy.deepcopy(SOURCE)
        for number, source in {**ANSWERS, **(answers or {})}.items():
            nb["cells"][number]["source"] = source
        if extra:
            nb["cells"].insert(at, cell(90, extra))
        path = tmp_path / "numbers.ipynb"
        path.write_text(notebook.canonical(nb), encoding="utf-8")
        submission = notebook.read(path, MANIFEST, "ada", judge.course.limits)
        assert isinstance(submission, Submission)
        return judge(submission).report

    return of


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("", ""),
        ("from math import *", ""),
        ("double = double(3)", "Cell 10 (`double = double(3)`) replaced or deleted `double`: the function of its answer cell is judged."),
        ("%reset -f", "Cell 10 (`%reset -f`) replaced or deleted `double`, `more`, `helper` and"),
        ("import json as double", "Cell 10 (`import json as double`)"),
        ("math = 5", "Cell 10 (`math = 5`) replaced or deleted `math`: it was put back for the answers that use it."),
        ("old = '''\ndef double(x):\n    return 0\n'''", ""),
        ("def double(x):\n    raise NotImplementedError", ""),
        ("!pip install tqdm\n%matplotlib inline\nx = 1", ""),
    ],
)  # fmt: skip
def test_a_last_cell_takes_no_points_away(hand: Hand, extra: str, said: str) -> None:
    report = hand(extra)

    assert (report.score, report.max_score) == (6, 6), report.tasks
    assert [sentence for sentence in report.repairs if sentence.startswith("Cell ")] == [
        sentence for sentence in report.repairs if said and sentence.startswith(said)
    ]
    assert len([sentence for sentence in report.repairs if sentence.startswith("Cell ")]) == bool(said)


def test_a_later_def_is_the_answer(hand: Hand) -> None:
    assert hand("def double(x):\n    return 'later'").score == 0


def test_the_set_up_runs_first_where_a_cell_above_it_breaks_it(hand: Hand) -> None:
    for broken in (
        "import os\nos.environ['BROKEN'] = '1'",
        "import os\nos.environ['BROKEN'] = '1'\nos.kill(os.getpid(), 11)",
    ):
        report = hand(broken, at=1)
        assert report.score == 6
        assert "broken" not in str(report.execution.errors)


def test_a_set_up_cell_of_ours_that_fails_withholds_the_grade(course: Course, tmp_path: Path) -> None:
    """It works on this side, and fails in the worker, where there is no such variable."""
    nb = copy.deepcopy(SOURCE)
    nb["cells"][1]["source"] = (
        SETUP + "\nassert os.environ['HOME'] == os.path.expanduser('~')\nos.environ['AUTOGRADER_TEST_ONLY']"
    )
    manifest = notebook.manifest_from_notebook(nb, "numbers", title="Numbers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_TEST_ONLY", "1")
        judge = _opened(manifest, course)
        path = tmp_path / "numbers.ipynb"
        path.write_text(notebook.canonical(nb), encoding="utf-8")
        opened = next(judge)
        submission = notebook.read(path, manifest, "ada", course.limits)
        with pytest.raises(
            AuthoringError, match=r"numbers: the set-up cell, cell 2 .* fails: KeyError: 'AUTOGRADER_TEST_ONLY'"
        ):
            opened(submission)
        judge.close()


def test_a_visible_test_sees_what_it_would_see_in_the_notebook(hand: Hand) -> None:
    wrong = {3: "def helper(x):\n    return 0\ndef double(x):\n    return x + x"}
    first, second = hand(answers=wrong).tasks

    assert (first.score, second.score) == (0, 2)
    assert [check.message for check in first.checks] == ["helper(5): helper"]


def test_a_locked_cell_above_a_test_asks_the_students_function(hand: Hand) -> None:
    report = hand(answers={3: "def helper(x):\n    return x\ndef double(x):\n    return 1 / 0"})

    assert [check.outcome for check in report.tasks[0].checks] == [Outcome.STUDENT_ERROR]
    assert "double(4) raised ZeroDivisionError" in report.tasks[0].checks[0].message


@pytest.mark.parametrize("broken", [1, 2])
def test_a_locked_cell_that_fails_is_named(course: Course, broken: int) -> None:
    nb = copy.deepcopy(SOURCE)
    nb["cells"][broken]["source"] = "no_such_name"
    manifest = notebook.manifest_from_notebook(nb, "numbers", title="Numbers")
    name = nb["cells"][broken]["metadata"]["nbgrader"]["grade_id"]
    with pytest.raises(AuthoringError, match=rf"numbers\.ipynb, cell {broken + 1} \({name}\) fails: NameError"):
        next(_opened(manifest, course))
