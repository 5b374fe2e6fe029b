"""A changed check is asked again by itself, and the result is what judging everything again gives."""

from __future__ import annotations

import copy
import dataclasses
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import small_class

from autograder import cli, journal, pool
from autograder import course as courses
from autograder.model import Course, Execution, Report
from autograder.release import release
from autograder.submitted import Job

NAME = small_class.NAME
WORDS = '''
from autograder.checks import same, task


@task("count-words", points=2)
class TestCountWords:
    def test_spaces(self, student):
        """Words between spaces"""
        same(student.count_words("one two three"), 3)

    def test_nothing(self, student):
        """No words"""
        same(student.count_words(""), 0)


@task("mean-length", points=2)
class TestMeanLength:
    def test_mean(self, student):
        """Letters for each word"""
        same(student.mean_length("ab abcd"), 3.0)
'''
REFERENCES = """

def count_words(text):
    return len(re.findall(r"\\S+", text))


def mean_length(text):
    return len(re.sub(r"\\s", "", text)) / count_words(text)
"""
ANSWERS = {
    "count-words": ("count_words", "    return len(text.split())\n"),
    "mean-length": ("mean_length", '    return len(text.replace(" ", "")) / count_words(text)\n'),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A graded class with three tasks in two files of checks; the last one calls the second.  A test takes a copy."""
    root = tmp_path_factory.mktemp("graded")
    course = small_class.make(root)
    source = courses.source_notebook(course, NAME)
    notebook = json.loads(source.read_text(encoding="utf-8"))
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    for task, (function, body) in ANSWERS.items():
        answer, visible = copy.deepcopy(cells["count-vowels"]), copy.deepcopy(cells["count-vowels-test"])
        for cell, name in ((answer, task), (visible, f"{task}-test")):
            cell["id"] = cell["metadata"]["nbgrader"]["grade_id"] = name
        answer["source"] = (
            f'def {function}(text):\n    """Counts."""\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION'
        )
        visible["source"] = f'assert {function}("a b") in (1, 2)'
        notebook["cells"] += [answer, visible]
    source.write_text(json.dumps(notebook), encoding="utf-8")
    checks = courses.checks_dir(course, NAME)
    (checks / "test_words.py").write_text(WORDS, encoding="utf-8")
    with (checks / "references.py").open("a", encoding="utf-8") as file:
        file.write(REFERENCES)
    release(course, course.assignments[0])
    solution = json.dumps(notebook)
    remembering = solution.replace("def count_vowels", "SEEN = []\\ndef count_vowels").replace(
        "return sum(", "SEEN.append(text); return sum("
    )
    for student, text in {
        "ada": solution,
        "alan": (courses.release_dir(course, NAME) / f"{NAME}.ipynb").read_text(encoding="utf-8"),
        "grace": small_class.half_right(solution),
        "hedy": remembering,
        "ken": solution.replace("len(text.split())", "len(text)"),
    }.items():
        small_class.hand_in(course, student, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(root))
        assert grade() == 0
    assert {student: report.score for student, report in results(course).items()} == {
        "ada": 6, "alan": 0, "grace": 5, "hedy": 6, "ken": 5, "radia": 0,
    }  # fmt: skip
    return course


def grade(*options: str) -> int:
    return cli.main(["grade", "--jobs", "1", "--quiet", *options])


def results(course: Course) -> dict[str, Report]:
    """The results without what differs from run to run."""
    found = {}
    for path in sorted((course.root / "results" / NAME).glob("*.json")):
        report = journal.load(path)
        assert report is not None
        found[path.stem] = dataclasses.replace(report, execution=Execution(errors=report.execution.errors))
    return found


VOWELS, OTHER = "test_counting.py", "test_words.py"


@pytest.mark.parametrize(
    ("file", "old", "new", "alone", "whole"),
    [
        # Easier: nobody loses a point, and one gains.
        (VOWELS, '"EDUCATION"', '"education"', "ada alan grace", "hedy ken"),
        # Another title and weight alone are a change too.
        (VOWELS, '"""Capital letters"""', '"""Capitals"""', "ada alan grace", "grace hedy ken"),
        # Harder: who loses a point is judged as a whole.
        (VOWELS, '"education"', '"Education"', "ada alan grace", "grace hedy ken"),
        # A task that another one calls; two of three tasks.
        (OTHER, '"one two three"), 3', '"one two"), 2', "", "ada alan grace hedy ken"),
        # What all checks may use, and what may reach into other files.
        ("references.py", "import re", "import re  # as ever", "", "ada alan grace hedy ken"),
        (VOWELS, "class Test", "print('loaded')\n\n\nclass Test", "", "ada alan grace hedy ken"),
    ],
    ids=["easier", "another title", "harder", "called by others", "the references", "a statement"],
)
def test_the_result_is_that_of_judging_everything_again(  # noqa: PLR0917
    graded: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    old: str,
    new: str,
    alone: str,
    whole: str,
) -> None:
    subprocess.run(["cp", "-a", f"{graded.root}/.", str(tmp_path)], check=True)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    course = courses.load(tmp_path)
    path = courses.checks_dir(course, NAME) / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    if new.startswith("print"):  # above the decorator
        path.write_text(text.replace("\n\n@task", "\n\nprint('loaded')\n\n\n@task"), encoding="utf-8")
    else:
        path.write_text(text.replace(old, new), encoding="utf-8")
    asked: list[Job] = []
    judge_all = pool.judge_all

    def noting(course: Any, assignment: Any, manifest: Any, jobs: list[Job], **options: Any) -> Any:
        asked.extend(jobs)
        return judge_all(course, assignment, manifest, jobs, **options)

    monkeypatch.setattr(pool, "judge_all", noting)

    assert grade() == 0

    assert {job.student for job in asked if job.only == ("count-vowels",)} == set(alone.split())
    assert {job.student for job in asked if not job.only} == set(whole.split())
    changed = results(course)
    assert grade("--force") == 0
    assert results(course) == changed
