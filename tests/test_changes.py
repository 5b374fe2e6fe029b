"""What a new release changes, told in words before it is written, and whose work it touches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import small_course
from small_course import NAME, TASK, Nb, cell, edit, replaced

from autograder import cli
from autograder import course as courses
from autograder.model import Course, Manifest, ReleasedCell, Role, Task
from autograder.release import release, source_manifest
from autograder.release.changes import changes, touched


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course whose assignment has been released, and changed by nobody since."""
    course = small_course.make(tmp_path)
    release(course, small_course.assignment(course))
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    return course


def said(course: Course, change: Callable[[Nb], object]) -> list[str]:
    """What a change of the source notebook is called."""
    assignment = small_course.assignment(course)
    old = source_manifest(course, assignment)
    edit(courses.source_notebook(course, NAME), change)
    return changes(old, source_manifest(course, assignment), {}, {})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (replaced(TASK, "in either case", "of either case"),
         [("count-vowels: the title is “The number of vowels (a, e, i, o, u, of either case) in a text”, "
           "not “The number of vowels (a, e, i, o, u, in either case) in a text”"),
          "the stub of count-vowels (cell 4, count-vowels) changed"]),
        (replaced(TASK, "letter in VOWELS", "one in VOWELS"), []),  # the solution is nobody's to see
        (replaced("setup", "aeiou", "aeiouy"), ["the set-up cell (cell 2, setup) changed"]),
        (replaced(f"{TASK}-test", '"Ada"', '"Eva"'),
         ["the visible test of count-vowels (cell 5, count-vowels-test) changed"]),
        (lambda nb: cell(nb, TASK)["metadata"]["nbgrader"].update(points=3),
         ["count-vowels: 3 points, not 2", "3 points in all, not 2"]),
        (lambda nb: nb["cells"][0].update(source="# Vowels"), ["the text (cell 1, title) changed"]),
        (lambda nb: nb["cells"].pop(), ["the picture cell (cell 6 of the last release, count-vowels-demo) removed"]),
        (lambda nb: nb["cells"].insert(1, nb["cells"].pop(2)), ["the cells come in another order"]),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(course: Course, change: Callable[[Nb], None], told: list[str]) -> None:
    assert said(course, change) == told


A, B = Task("a", "A", "f", 2.0), Task("b", "B", "g", 3.0)


def manifest(*tasks: Task, models: tuple[str, ...] = (), setup: str = "x = 1") -> Manifest:
    answers = (ReleasedCell(task.id, Role.ANSWER, "code", "stub", task.id, task.id) for task in tasks)
    cells = (ReleasedCell("s", Role.SETUP, "code", setup, "setup"), *answers)
    return Manifest("one", "One", "one.ipynb", tasks, cells, models)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (manifest(A), manifest(A, B), ["task b added (3 points)", "5 points in all, not 2"]),
        (manifest(A, B), manifest(B), ["task a removed (2 points)", "3 points in all, not 5"]),
        (manifest(A), manifest(dataclasses.replace(A, id="c")), ["task a is now called c"]),
        (manifest(A), manifest(dataclasses.replace(A, function="h")), ["a: asks for h(), not f()"]),
        (manifest(A, models=("m",)), manifest(A, models=("n",)), ["needs the model n", "needs the model m no longer"]),
        (None, manifest(A, B), ["first release: 2 tasks, 5 points"]),
    ],
)
def test_tasks_and_models_are_told(old: Manifest | None, new: Manifest, told: list[str]) -> None:
    assert changes(old, new, {}, {}) == told


def test_another_order_of_tasks_is_told_once() -> None:
    assert changes(manifest(A, B), manifest(B, A), {}, {}) == [
        "the tasks come in another order: b, a",
        "the cells come in another order",
    ]


def test_data_files_are_told() -> None:
    before, after = {"data/a.csv": "1", "data/b.csv": "1"}, {"data/b.csv": "2", "data/c.csv": "1"}

    assert changes(manifest(A), manifest(A), before, after) == [
        "data/a.csv removed",
        "data/b.csv changed",
        "data/c.csv added",
    ]


def test_whose_work_is_touched_is_named_and_counted() -> None:
    other = manifest(dataclasses.replace(A, points=1.0))
    crowd = ["ada", "alan", "anita", "annie", "barbara", "brian"]

    assert (
        touched(manifest(A), other, ["ada"])
        == "1 student has handed in one (ada): grade it again: autograder grade one"
    )
    assert "6 students have handed in one (ada, alan, anita, annie, barbara, …)" in touched(manifest(A), other, crowd)
    assert touched(manifest(A), manifest(A, setup="x = 2"), ["ada"])
    assert touched(manifest(A), manifest(A, models=("m",)), ["ada"])


def test_a_change_that_no_grade_depends_on_touches_nobody() -> None:
    old, new = manifest(A), manifest(A)
    new = dataclasses.replace(new, cells=(ReleasedCell("t", Role.TEXT, "markdown", "Read this."), *new.cells))

    assert changes(old, new, {}, {}) == ["the text (cell 1, t) added"]
    assert touched(old, new, ["ada"]) == ""
    assert touched(old, manifest(B), []) == ""


def test_release_says_it_before_it_writes(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["release"]) == 0
    assert "counting: unchanged" in capsys.readouterr().out.splitlines()

    small_course.hand_in(course, "ada")
    edit(courses.source_notebook(course, NAME), replaced("setup", "aeiou", "uoiea"))
    assert cli.main(["release", "--check"]) == 1
    assert "the set-up cell (cell 2, setup) changed" in capsys.readouterr().err
    assert cli.main(["release"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["counting: changes", "  the set-up cell (cell 2, setup) changed"]
    assert "1 student has handed in counting (ada)" in lines[2]
    assert cli.main(["release", "--check", "--quiet"]) == 0


def test_a_release_that_is_refused_changes_nothing(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    before = (courses.release_dir(course, NAME) / f"{NAME}.ipynb").read_bytes()
    edit(
        courses.source_notebook(course, NAME),
        lambda nb: nb["cells"][0].update(outputs=[], source="VOWELS for text.lower()"),
    )
    edit(courses.source_notebook(course, NAME), replaced(TASK, "### END SOLUTION", ""))

    assert cli.main(["release"]) == 3
    assert capsys.readouterr().out == ""
    assert (courses.release_dir(course, NAME) / f"{NAME}.ipynb").read_bytes() == before
