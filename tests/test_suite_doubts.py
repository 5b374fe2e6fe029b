"""A suite that is wrong is noticed in the results of a class, before anybody relies on the points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import small_course

from autograder import course as courses
from autograder import notebook, variants
from autograder.judge import open_judge
from autograder.model import Manifest, Report
from autograder.release import load_source
from autograder.release.source import agree
from autograder.report.suite_doubts import doubts, sentence

PLAIN = '''
from autograder.checks import same, task


@task("count-vowels", points=2)
class TestCountVowels:
    def test_small(self, student):
        """Small letters"""
        same(student.count_vowels("education"), 5)

    def test_capital(self, student):
        """Capital letters"""
        same(student.count_vowels("EDUCATION"), 5)

    def test_broken(self, student, reference):
        """The check in question"""
        same(student.count_vowels({special}), reference.count_vowels({special}))
'''
LOWER = "def count_vowels(text):\n    return sum(letter in 'aeiou' for letter in text.lower())"
EITHER = "def count_vowels(text):\n    return len([letter for letter in text if letter in 'aeiouAEIOU'])"
SMALL_ONLY = "def count_vowels(text):\n    return sum(letter in 'aeiou' for letter in text)"
REFERENCE = """
def count_vowels(text):
    if text in {special}:
        return {wrong}
    return 0 if text != text else sum(letter in "aeiou" for letter in text.lower())
"""
DOTTED = "\u0130"  # the lower case of this capital begins with an i
BROKEN = [
    ("sky", "1", [LOWER] * 3 + [EITHER] * 2, "none of 5 who answered passes it"),
    ("aa", "'2'", [LOWER] * 4 + [SMALL_ONLY], "none of 5 who answered passes it"),
    (DOTTED, "0", [LOWER] * 3 + [EITHER], "3 of the 4 who pass everything else in the task fail it"),
    (float("nan"), "0", [LOWER, SMALL_ONLY], "with NaN, which the task does not mention"),
    (DOTTED, "0", [LOWER] * 4 + [EITHER] * 5, "4 of 9 students make the same mistake"),
]

Class = Callable[[object, str, list[str]], tuple[list[Report], Manifest]]


@pytest.fixture
def judged(tmp_path: Path) -> Class:
    """`judged(input, what the reference says of it, answers)`: the results of a class, and the manifest."""

    def judge(special: object, wrong: str, answers: list[str]) -> tuple[list[Report], Manifest]:
        shown = "float('nan')" if isinstance(special, float) else repr(special)
        course = small_course.make(tmp_path, checks=PLAIN.format(special=shown))
        references = courses.checks_dir(course, small_course.NAME) / "references.py"
        references.write_text(REFERENCE.format(special=f"[{shown}]", wrong=wrong), encoding="utf-8")
        assignment = small_course.assignment(course)
        manifest = agree(course, assignment)
        reports = []
        with open_judge(course, assignment, manifest, hidden=True) as judge:
            for number, answer in enumerate(answers):
                nb = variants.notebook_of(load_source(course, small_course.NAME), {small_course.TASK: answer})
                path = small_course.hand_in_text(course, f"s{number}", notebook.canonical(nb))
                reports.append(judge(notebook.read(path, manifest, f"s{number}", course.limits)).report)
        return reports, manifest

    return judge


@pytest.mark.parametrize(("special", "wrong", "answers", "reason"), BROKEN)
def test_a_suite_that_is_wrong_is_noticed(
    judged: Class, special: object, wrong: str, answers: list[str], reason: str
) -> None:
    found = doubts(*judged(special, wrong, answers))
    assert [(doubt.task, doubt.check) for doubt in found] == [(small_course.TASK, "The check in question")]
    assert reason in found[0].reason
    assert sentence(found, "counting").endswith("autograder report counting")


@pytest.mark.parametrize("answers", [[LOWER, EITHER, LOWER, EITHER, SMALL_ONLY], [SMALL_ONLY], []])
def test_a_suite_that_is_right_raises_no_doubt(judged: Class, answers: list[str]) -> None:
    assert doubts(*judged("rhythm", "0", answers)) == ()
