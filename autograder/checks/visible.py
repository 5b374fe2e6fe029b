"""The visible tests of a notebook, run on the trusted side: the cells' own code, with proxies in place of the student's functions.

A test cell that runs in the student's process proves nothing, since everything there can be bent.  The same code runs here instead:
it comes from the manifest, sees the set-up cell's names, and every answer that it judges crossed the wire as data."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from autograder.checks.authoring import Mismatch
from autograder.checks.student import Live, Stop, Student
from autograder.errors import AuthoringError, AutograderError
from autograder.model import CheckResult, Manifest, Outcome, Role
from autograder.notebook import without_magics
from autograder.notebook.text import clean
from autograder.worker.attempt import Attempt
from autograder.worker.handle import Lost


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
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, {**self._names, **self._functions})  # noqa: S102 - the course's own cell
            outcome, message = Outcome.PASSED, ""
        except Stop as stop:
            outcome, message = stop.outcome, str(stop)
            if stop.outcome in {Outcome.STUDENT_ERROR, Outcome.MEMORY}:
                message = f"{self._student.last_} {message}"
        except Lost as lost:
            outcome, message = lost.outcome, f"The notebook {lost}."
        except AssertionError as error:
            joint = " " if isinstance(error, Mismatch) else ": "
            outcome, message = (
                Outcome.FAILED,
                f"{self._student.last_}{joint}{error}" if self._student.last_ else str(error),
            )
        except AutograderError:
            raise
        except Exception as error:  # the same test passes with the solution: the answer is what differs
            outcome = Outcome.FAILED
            message = f"{self._student.last_} gave an answer that cannot be used here ({type(error).__name__}: {error})"
        finally:
            live.end()
            self._student.transport_ = None
        return (CheckResult("The visible test", outcome, weight=weight, visible=True, message=clean(message[:1000])),)
