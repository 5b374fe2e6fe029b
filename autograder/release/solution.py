"""Runs the author's own notebook before anybody gets it: what does not work for its author works for no student."""

from __future__ import annotations

import dataclasses

from autograder import course as courses
from autograder import notebook
from autograder.errors import AuthoringError
from autograder.model import Assignment, Course, Manifest, NotGradable, Outcome
from autograder.release.source import cell_place

_REMEDY = "Mend it in the source: with this release nobody could be graded rightly."


def works(course: Course, assignment: Assignment, manifest: Manifest) -> None:
    """Runs the solution once, in a worker, as `grade` does.  Raises AuthoringError naming the cell that fails, or the visible test that the
    solution does not pass."""
    from autograder.judge import open_judge  # imports torch, which other commands do without

    name = assignment.name
    path = courses.source_notebook(course, name)
    submission = notebook.read(path, manifest, "", course.limits)
    if isinstance(submission, NotGradable):
        raise AuthoringError(f"source/{name}/{manifest.notebook} cannot be graded: {submission.reason}", _REMEDY)
    # The author's own code needs no walls, which some machines do not have.
    unwalled = dataclasses.replace(course, required_layers=())
    with open_judge(unwalled, assignment, manifest, hidden=False) as judge:
        report = judge(submission).report
    for error in report.execution.errors:
        cell = submission.cells[error.cell]
        where = f"source/{name}/{manifest.notebook}, cell {error.cell + 1}" + (
            f" ({cell.grade_id})" if cell.grade_id else ""
        )
        raise AuthoringError(f"{where} fails: {error.type}: {error.message}", _REMEDY)
    for task in report.tasks:
        for check in task.checks:
            if check.visible and check.outcome is not Outcome.PASSED:
                raise AuthoringError(
                    f"{cell_place(manifest, f'{task.id}-test')}: the solution does not pass its visible test: {check.message}",
                    _REMEDY,
                )
