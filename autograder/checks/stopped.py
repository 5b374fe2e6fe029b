"""A function that is missing because its cell stopped: what the result says of it, on every page and table alike."""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.student import NO_FUNCTION
from autograder.errors import AuthoringError
from autograder.model import CellError, CheckResult, Outcome, Role, Submission, TaskScore
from autograder.notebook.text import functions


def told(task: TaskScore, function: str, submission: Submission, errors: tuple[CellError, ...]) -> TaskScore:
    """`task`, in which a check that found no `function` says which error stopped the cell that was to define it.

    Only what the student's own cells raised is quoted: they ran before any check, in a process that holds none."""
    missing = NO_FUNCTION.format(function)
    if not any(check.message == missing for check in task.checks):
        return task
    cells = {cell.index: cell for cell in submission.cells}
    for error in errors:
        cell = cells.get(error.cell)
        if cell is not None and (cell.task == task.id or function in functions(cell.source)):
            said = f"There is no function `{function}`: its cell stopped with {error.type}: {error.message}"
            checks = tuple(_said(check, said) if check.message == missing else check for check in task.checks)
            return replace(task, checks=checks)
    return task


def setup_fault(submission: Submission, errors: tuple[CellError, ...]) -> AuthoringError | None:
    """The grader's own error if the set-up cell failed, else None.  The released cell runs, before any of the student's, so it is our fault."""
    setup = {cell.index for cell in submission.cells if cell.role is Role.SETUP}
    error = next((error for error in errors if error.cell in setup), None)
    if error is None:
        return None
    return AuthoringError(
        f"{submission.assignment}: the set-up cell, cell {error.cell + 1} of the notebook, fails: {error.type}: {error.message}",
        "Nobody can be graded with it: mend it in the source, and run `autograder release` again.",
    )


def _said(check: CheckResult, message: str) -> CheckResult:
    return replace(check, outcome=Outcome.STUDENT_ERROR, message=message)


def judged_nothing(check: CheckResult) -> bool:
    """Whether a check found no function to judge, for whatever reason."""
    return check.message.startswith(NO_FUNCTION.partition("{")[0])
