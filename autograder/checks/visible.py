"""The visible tests of a notebook, run on the trusted side: the cells' own code, with proxies in place of the student's functions.

A test cell that runs in the student's process proves nothing, since everything there can be bent.  The same code runs here instead:
it comes from the manifest, sees the set-up cell's names, and every answer that it judges crossed the wire as data."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from autograder.checks.outcomes import outcome_of, run_check
from autograder.checks.student import Live, Student
from autograder.errors import AuthoringError
from autograder.model import CheckResult, Manifest, Role
from autograder.notebook import without_magics
from autograder.notebook.text import clean
from autograder.worker.attempt import Attempt


class VisibleTests:
    """The test cells of one release, compiled once."""

    def __init__(self, manifest: Manifest) -> None:
        self._student = Student()
        self._functions = {task.function: getattr(self._student, task.function) for task in manifest.tasks}
        self._tests = {
            cell.task: compile(cell.source, f"<visible test of {cell.task}>", "exec")
            for cell in manifest.cells
            if cell.role is Role.TEST
        }
        self._names: dict[str, Any] = {}
        for cell in manifest.cells:
            if cell.role is Role.SETUP:
                self._set_up(cell.source)

    def _set_up(self, source: str) -> None:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(without_magics(source), "<set-up cell>", "exec"), self._names)  # noqa: S102 - the course's own cell
        except Exception as error:
            raise AuthoringError(f"The set-up cell fails: {type(error).__name__}: {error}") from error

    def run(self, task_id: str, attempt: Attempt, weight: float) -> tuple[CheckResult, ...]:
        """The result of a task's visible test, or nothing where it has none."""
        code = self._tests.get(task_id)
        if code is None:
            return ()
        live = Live(attempt)
        self._student.transport_, self._student.last_ = live, None
        names = {**self._names, **self._functions}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                found = outcome_of(lambda: run_check(exec, code, names), self._student)
        finally:
            live.end()
            self._student.transport_ = None
        message, detail = clean(found.message[:1000]), clean(found.detail[:300])
        return (CheckResult("The visible test", found.outcome, weight, True, message, kind=found.kind, detail=detail),)
