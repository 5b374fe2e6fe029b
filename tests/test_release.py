"""The released softmax: the same bytes again, in step with its source, and refused where it would give something away."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_course import Nb, edit

from autograder import course as courses
from autograder import release
from autograder.errors import AuthoringError, GateError
from autograder.model import Assignment, Course
from autograder.release import place

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = "softmax.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The course in a folder of its own, where it may be changed."""
    shutil.copy(ROOT / courses.CONFIG, tmp_path)
    for name in ("source", "release"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return courses.load(tmp_path)


@pytest.fixture
def softmax(course: Course) -> Assignment:
    return courses.pick(course, ["softmax"])[0]


def test_every_release_has_the_same_bytes(course: Course, softmax: Assignment) -> None:
    folder = courses.release_dir(course, "softmax")
    shutil.rmtree(folder)
    release.release(course, softmax)

    assert {file: (folder / file).read_bytes() for file in place.listing(folder)} == {
        file: (ROOT / "release" / "softmax" / file).read_bytes() for file in place.listing(folder)
    }


def test_a_release_that_was_killed_between_its_two_renames_is_mended(course: Course, softmax: Assignment) -> None:
    folder = courses.release_dir(course, "softmax")
    folder.rename(folder.with_name(".softmax.replaced"))
    release.release(course, softmax)

    release.check(course, softmax)
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_a_stale_release_is_found_and_named(course: Course, softmax: Assignment) -> None:
    release.check(course, softmax)
    edit(courses.release_dir(course, "softmax") / NOTEBOOK, lambda nb: nb["cells"].pop())
    with pytest.raises(GateError, match=r"softmax\.ipynb differs"):
        release.check(course, softmax)


def solution_line(course: Course) -> str:
    cells = json.loads(courses.source_notebook(course, "softmax").read_text(encoding="utf-8"))["cells"]
    cell = next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == "softmax")
    lines = "".join(cell["source"]).split("### BEGIN SOLUTION\n")[1].split("### END SOLUTION")[0].splitlines()
    return max((line.strip() for line in lines), key=len)


def check_line(course: Course) -> str:
    text = (courses.checks_dir(course, "softmax") / "references.py").read_text(encoding="utf-8")
    return max((line.strip() for line in text.splitlines() if line.startswith("    ")), key=len)


def code_cell(nb: Nb) -> Nb:
    found: Nb = next(cell for cell in nb["cells"] if cell["cell_type"] == "code")
    return found


LEAKS: dict[str, tuple[Callable[[Nb, Course], None], str]] = {
    "a solution": (
        lambda nb, course: nb["cells"][0].update(source=solution_line(course)),
        r"cell 1 \(.*\) gives away the solution of softmax: ",
    ),
    "a hidden check": (
        lambda nb, course: nb["cells"][0].update(source=check_line(course)),
        r"cell 1 \(.*\) gives away the hidden suite \(references\.py\): ",
    ),
    "a file of the suite": (
        lambda nb, _: nb["cells"][0].update(source="See test_probabilities.py"),
        r"cell 1 \(.*\) names a file of the hidden suite: test_probabilities\.py",
    ),
    "an output": (
        lambda nb, _: code_cell(nb).update(outputs=[{"output_type": "stream", "name": "stdout", "text": "0.25"}]),
        r"has an output: .*0\.25",
    ),
    "an attachment": (
        lambda nb, _: nb["cells"][0].update(attachments={"a.png": {"image/png": "AAAA"}}),
        r"cell 1 \(.*\) has an attachment: a\.png",
    ),
    "an execution count": (lambda nb, _: code_cell(nb).update(execution_count=3), "has an execution count: 3"),
}


@pytest.mark.parametrize("what", LEAKS)
def test_the_gate_refuses(what: str, course: Course, softmax: Assignment) -> None:
    folder = courses.release_dir(course, "softmax")
    release.gate(course, softmax, folder)
    leak, said = LEAKS[what]
    edit(folder / NOTEBOOK, lambda nb: leak(nb, course))
    with pytest.raises(GateError, match=said):
        release.gate(course, softmax, folder)


def test_a_file_that_does_not_belong_into_a_release_is_refused(course: Course, softmax: Assignment) -> None:
    folder = courses.release_dir(course, "softmax")
    (folder / "solution.py").write_text("x = 1\n")
    with pytest.raises(GateError, match=r"solution\.py"):
        release.gate(course, softmax, folder)


def test_an_assignment_without_a_source_is_one_clear_line(course: Course, softmax: Assignment) -> None:
    with pytest.raises(AuthoringError, match="cannot be read"):
        release.release(course, dataclasses.replace(softmax, name="nowhere"))
