"""Every mistake that an author makes is found, in one line with the file, the cell and what to do."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import small_course
from small_course import NAME, TASK, Nb, cell, edit, replaced

from autograder import cli
from autograder import course as courses
from autograder.model import Course
from autograder.notebook import load_manifest

NOTEBOOK = f"source/{NAME}/{NAME}.ipynb"
SUITE = f"source/{NAME}/checks/test_{NAME}.py"
TEST = f"{TASK}-test"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    return small_course.make(tmp_path)


def marked(grade_id: str, **values: object) -> Callable[[Nb], None]:
    return lambda nb: cell(nb, grade_id)["metadata"]["nbgrader"].update(values)


def moved(grade_id: str, to: int) -> Callable[[Nb], None]:
    def change(nb: Nb) -> None:
        found = cell(nb, grade_id)
        nb["cells"].remove(found)
        nb["cells"].insert(to, found)

    return change


def copied(nb: Nb) -> None:
    nb["cells"].append({**copy.deepcopy(cell(nb, TASK)), "id": "copy"})


def told(nb: Nb, text: str) -> None:
    nb["cells"][0]["source"] = text


MISTAKES: dict[str, tuple[Callable[[Nb], object], str, str]] = {
    "points in notebook and suite": (marked(TASK, points=3), f"cell 4 ({TASK}) has 3 points, and 2 in {SUITE}, line", "the same number"),
    "points in the text": (
        lambda nb: told(nb, "| task | function | points |\n|---|---|---:|\n| 1 | `count_vowels` | 5 |"),
        "cell 1 (title): the table gives count_vowels 5 points, its answer cell 2",
        "Make them the same",
    ),
    "a function in the text that is no task": (
        lambda nb: told(nb, "| 1 | `count_all` | 2 |"),
        "cell 1 (title): the table has count_all",
        "There is count_vowels",
    ),
    "no points": (marked(TASK, points=None), f"cell 4 ({TASK})", "Set nbgrader's `points`"),
    "a leaked solution": (
        lambda nb: told(nb, "Try `sum(letter in VOWELS for letter in text.lower())`."),
        "cell 1 (title) gives away the solution of count-vowels",
        "Take it out of",
    ),
    "hidden checks asked for in a cell": (replaced(f"{TASK}-test", "print", "%check --hidden\nprint"), f"cell 5 ({TEST}) asks for hidden checks", "Take the line out"),
    "a duplicate grade_id": (copied, f"cell 7 ({TASK}): cell 4 has the same grade_id", "Give one of them another"),
    "the test before its answer": (moved(TEST, 3), f"cell 4 ({TEST}) stands before the answer that it tests, cell 5 ({TASK})", "Move it below"),
    "the set-up after an answer": (moved("setup", 5), f"cell 3 ({TASK}) stands before the set-up, cell 6 (setup)", "Move the set-up"),
    "no visible test": (lambda nb: nb["cells"].remove(cell(nb, TEST)), f"cell 4 ({TASK}): the task has no visible test", f"Add the cell {TEST}"),
    "no solution markers": (
        lambda nb: (replaced(TASK, "    ### BEGIN SOLUTION\n", "")(nb), replaced(TASK, "\n    ### END SOLUTION", "")(nb)),
        f"cell 4 ({TASK}) is an answer without a solution region",
        "Put it between ### BEGIN SOLUTION and ### END SOLUTION",
    ),
    "one solution marker": (replaced(TASK, "### END SOLUTION", ""), f"cell 4 ({TASK}): ", "between ### BEGIN SOLUTION"),
    "a solution in a cell of another kind": (
        replaced(TEST, 'assert count_vowels("")', '### BEGIN SOLUTION\n### END SOLUTION\nassert count_vowels("")'),
        f"cell 5 ({TEST}) has a solution region",
        "Mark it",
    ),
    "points outside an answer": (marked(TEST, grade=True, points=1), f"cell 5 ({TEST}) has points of its own", "belong to the answer"),
    "a written answer": (lambda nb: cell(nb, TASK).update(cell_type="markdown"), f"cell 4 ({TASK}) is a written answer", "code cells"),
}  # fmt: skip


def line_of(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a command ends with."""
    assert cli.main(command) in {1, 3}
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1, said
    return said


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_notebook(mistake: str, course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    change, where, remedy = MISTAKES[mistake]
    edit(courses.source_notebook(course, NAME), change)

    said = line_of(["release"], capsys)

    assert f"{NAME}.ipynb" in said
    assert where in said
    assert remedy in said
    assert not (course.root / "release" / NAME).exists()
    assert not (course.root / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("old", "new", "where", "remedy"),
    [
        ("    def test_", "    def look_", f"{NOTEBOOK}, cell 4 ({TASK}): the task has no checks", "Add a class with @task"),
        ('@task("count-vowels"', '@task("vowels"', f"{SUITE}, line 9: the notebook {NOTEBOOK} has no task 'vowels'", "count-vowels"),
        ("points=2)", "points=two)", f"{SUITE}, line 9", "in plain values"),
        ("Capital letters count as well", "Vowels of texts in small letters", f"{TASK} has another check called 'Vowels of texts in small letters': {SUITE}, line ", "another title"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["release", "validate"])
def test_a_mistake_in_the_suite(
    *, command: str, old: str, new: str, where: str, remedy: str, course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course.root / SUITE
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    said = line_of([command], capsys)

    assert where in said
    assert remedy in said


def test_a_stale_release(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["release", "--quiet"]) == 0
    edit(courses.source_notebook(course, NAME), replaced(TEST, '"Ada"', '"Eva"'))

    said = line_of(["release", "--check"], capsys)

    assert f"release/{NAME}" in said
    assert f"the visible test of {TASK} (cell 5, {TEST}) changed" in said
    assert f"Run: autograder release {NAME}" in said


def test_a_check_that_kills_nothing_and_a_visible_test_that_the_solution_fails(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(courses.source_notebook(course, NAME), replaced(TEST, 'count_vowels("Ada") == 2', 'count_vowels("Ada") == 3'))
    path = course.root / SUITE
    idle = '\n    def test_nothing(self, student, reference):\n        """An empty text"""\n        same(student.count_vowels(""), 0)\n'
    path.write_text(path.read_text(encoding="utf-8") + idle, encoding="utf-8")

    assert cli.main(["validate", "--jobs", "1", "--json", str(course.root / "matrix.json")]) == 1
    shown = capsys.readouterr().out
    said = " ".join(shown.split())

    assert f"{NOTEBOOK}, cell 5 ({TEST}): the solution fails this visible test" in said
    assert f"Mend the test, or the solution in {NOTEBOOK}, cell 4 ({TASK})" in said
    assert re.search(
        rf"{SUITE}, line \d+ \(test_nothing\): the check 'An empty text' has failed no wrong variant", said
    )
    assert f"source/{NAME}/variants/wrong/{TASK}/" in said
    lines = {cells[0]: cells[1:] for line in shown.splitlines() if (cells := line.split())}
    assert lines["solution"] == ["·", "·", "·", "2", "✗"]
    assert lines["wrong/case_forgotten"] == ["·", "✗", "·", "1.5", "✓"]
    assert lines["caught"] == ["2", "3", "0"]
    (found,) = json.loads((course.root / "matrix.json").read_text(encoding="utf-8"))
    row = next(one for one in found["matrix"] if one["variant"] == "wrong/count-vowels/case_forgotten")
    assert row["points"] == {TASK: [1.5, 1.5]}
    assert [(check["failed"], check["seeds"]) for check in row["checks"]] == [(0, 4), (4, 4), (0, 4)]
    assert len(found["problems"]) == 2


def test_the_front_page_says_what_the_assignments_are_worth(root: Path) -> None:
    rows = re.findall(
        r"^\| \d+ \| (\w+) \| .* \| (\d+)[^|]*\|$", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    worth = {path.parent.name: load_manifest(path).max_score for path in root.glob("release/*/manifest.json")}

    assert {name: float(points) for name, points in rows} == worth
