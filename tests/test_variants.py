"""Right answers get their points and wrong ones do not, in every assignment.

Two seeds for each variant here, and only its own task; `make validate` takes all seeds and looks at the other tasks too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import course as courses
from autograder import variants
from autograder.model import Course, Outcome
from autograder.variants import Matrix

SEEDS = (11, 22)  # the course's own are secret, and others in every clone
ROOT = Path(__file__).resolve().parent.parent
NAMES = [assignment.name for assignment in courses.load(ROOT).assignments]


@pytest.fixture(scope="module")
def matrix(course: Course) -> Callable[[str], Matrix]:
    """The matrix of an assignment, worked out once."""
    known: dict[str, Matrix] = {}

    def of(name: str) -> Matrix:
        if name not in known:
            (assignment,) = courses.pick(course, [name])
            known[name] = variants.validate(course, assignment, processes=2, quick=True, sets=(SEEDS,))
        return known[name]

    return of


@pytest.mark.parametrize("name", NAMES)
def test_every_known_answer_gets_what_it_is_worth(matrix: Callable[[str], Matrix], name: str) -> None:
    found = matrix(name)

    assert found.problems == ()
    assert {verdict.variant.kind for verdict in found.verdicts} >= {"solution", "stub", "right", "wrong"}


@pytest.mark.parametrize("name", NAMES)
def test_the_stub_is_not_attempted_anywhere(matrix: Callable[[str], Matrix], name: str) -> None:
    (stub,) = [verdict.report for verdict in matrix(name).verdicts if verdict.variant.kind == "stub"]

    hidden = [check for task in stub.tasks for check in task.checks if not check.visible]
    assert stub.score == 0
    assert {check.outcome for check in hidden} == {Outcome.NOT_ATTEMPTED}
