"""The smallest class that there can be: the template's assignment, with checks that need no drawn inputs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import small_course
from small_course import NAME, ROOT
from small_course import hand_in_text as hand_in

from autograder import cli
from autograder import course as courses
from autograder.model import Course
from autograder.release import release

__all__ = ["NAME", "half_right", "hand_in", "make", "make_repository"]

CHECKS = '''
from autograder.checks import same, task


@task("count-vowels", points=2)
class TestCountVowels:
    def test_small(self, student):
        """Small letters"""
        same(student.count_vowels("education"), 5)

    def test_capital(self, student):
        """Capital letters"""
        same(student.count_vowels("EDUCATION"), 5)
'''


def make(root: Path) -> Course:
    """A course of one released assignment in the empty folder `root`; ada's answer is right, grace's is half right, radia's file is cut off."""
    config = small_course.config_with(f'        Assignment("{NAME}", title="Counting vowels"),\n')
    course = small_course.make(root, config=config, checks=CHECKS)
    release(course, course.assignments[0])
    solution = courses.source_notebook(course, NAME).read_text(encoding="utf-8")
    hand_in(course, "ada", solution)
    hand_in(course, "grace", half_right(solution))
    hand_in(course, "radia", solution[:700])
    return course


def half_right(solution: str) -> str:
    """The solution, but capitals are no vowels."""
    wrong = solution.replace("text.lower()", "text")
    assert wrong != solution
    return wrong


def make_repository(root: Path) -> Course:
    """The class in a folder that has what `publish` takes from a repository; ada is graded."""
    course = make(root)
    (root / "docs").mkdir()
    for name in ("pyproject.toml", "LICENSE", "requirements.lock", "docs/github-classroom.yml"):
        shutil.copy(ROOT / name, root / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(root))
        assert cli.main(["grade", "--student", "ada", "--quiet"]) == 0
    return course
