"""The visible tests of a notebook, run on the trusted side: the cells' own code, with proxies in place of the student's functions.

A test cell that runs in the student's process proves nothing, since everything there can be bent.  The same code runs here instead:
it comes from the manifest, sees the names that it would see in the notebook (those of the locked cells above it, and the functions of the
tasks), and every answer that it judges crossed the wire as data.

As in the notebook, a test can catch a built-in exception that an answer raises, and can pass a plain function of its own, which is then
called on this side.  An answer that changes its arguments fails, as it would fail a test in the notebook that looks at them."""

from __future__ import annotations

import builtins
import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from autograder.checks.outcomes import outcome_of, run_check
from autograder.checks.student import Function, Live, Policy, Spy, Stop, Student
from autograder.code import parsed
from autograder.errors import AuthoringError
from autograder.model import CheckResult, Kind, Manifest, ReleasedCell, Role
from autograder.notebook.magics import without_magics
from autograder.notebook.text import clean, functions, tree
from autograder.worker.attempt import Attempt


class _NoShell:
    """What `get_ipython()` gives here: there is nothing to show and nothing to set."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*_: Any, **__: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class _Test:
    """The test of one task: the `names` that it sees, the locked cells before it that ask the student's functions, and its own code."""

    names: dict[str, Any]
    asking: tuple[CodeType, ...]
    code: CodeType


class VisibleTests:
    """The test cells of one release, compiled once."""

    def __init__(self, manifest: Manifest) -> None:
        """Runs the set-up and the other locked cells that need no answer.  Raises AuthoringError where one fails."""
        self._student = Student()
        self._student.policy_ = Policy(tasks=tuple(task.function for task in manifest.tasks))
        self._file = f"source/{manifest.assignment}/{manifest.notebook}"
        self._tests: dict[str, _Test] = {}
        names: dict[str, Any] = {"__name__": "__main__", "display": _nothing, "get_ipython": _NoShell}
        asking: list[CodeType] = []
        answered = {task.function for task in manifest.tasks}
        proxies: dict[str, Any] = {
            name: _as_in_the_notebook(Function(self._student, name)) for name in sorted(answered)
        }
        for number, cell in enumerate(manifest.cells, start=1):
            where = f"{self._file}, cell {number}" + (f" ({cell.grade_id})" if cell.grade_id else "")
            if cell.role is Role.ANSWER:
                given = functions(cell.source)
                proxies |= {name: _as_in_the_notebook(Function(self._student, name)) for name in given}
                answered.update(given)
            elif cell.role is Role.TEST:
                self._tests[cell.task] = _Test({**names, **proxies}, tuple(asking), _compiled(cell, where))
            elif cell.role is Role.SETUP or (cell.role is Role.CODE and cell.grade_id):
                code = _compiled(cell, where)
                bound, used = _bound_and_used(cell.source)
                if used & answered:
                    asking.append(code)
                    answered |= bound
                else:
                    _run(code, names, where)

    def run(self, task_id: str, attempt: Attempt, weight: float) -> tuple[CheckResult, ...]:
        """The result of a task's visible test, or nothing where it has none."""
        test = self._tests.get(task_id)
        if test is None:
            return ()
        live = Live(attempt)
        self._student.transport_, self._student.last_ = live, None
        names = dict(test.names)

        def check() -> None:
            for code in (*test.asking, test.code):
                run_check(_execute, code, names)

        try:
            with contextlib.redirect_stdout(io.StringIO()):
                found = outcome_of(check, self._student)
        finally:
            live.end()
            self._student.transport_ = None
        message, detail = clean(found.message[:1000]), clean(found.detail[:300])
        return (CheckResult("The visible test", found.outcome, weight, True, message, kind=found.kind, detail=detail),)


def _compiled(cell: ReleasedCell, where: str) -> CodeType:
    try:
        return compile(tree(cell.source) or without_magics(cell.source), f"<{cell.grade_id}>", "exec")
    except (SyntaxError, ValueError) as error:
        raise AuthoringError(f"{where} is not valid Python: {error}.") from error


def _run(code: CodeType, names: dict[str, Any], where: str) -> None:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, names)  # noqa: S102 - the course's own cell
    except Exception as error:
        raise AuthoringError(
            f"{where} fails: {type(error).__name__}: {error}", "Nobody can be graded with it: mend it in the source."
        ) from error


def _bound_and_used(source: str) -> tuple[set[str], set[str]]:
    """The names that the top level of a cell gives a value, and those that it uses, in its functions too."""
    pieces = parsed.code(source) or ()
    return {name for piece in pieces for name in piece.bound_names}, {n for piece in pieces for n in piece.global_names}


def _as_in_the_notebook(function: Function) -> Callable[..., Any]:
    """A student's function as a test cell calls it."""

    def called(*args: Any, **kwargs: Any) -> Any:
        there = [_callable_there(value) for value in args]
        try:
            return function.in_a_test_cell(*there, **{name: _callable_there(value) for name, value in kwargs.items()})
        except Stop as stop:
            raised = _builtin(stop)
            if raised is None:
                raise
            raise raised from stop

    return called


def _callable_there(value: Any) -> Any:
    """A plain function as one that the worker can call; any other value as it is."""
    return Spy(value, value.__name__) if isinstance(value, FunctionType) else value


def _builtin(stop: Stop) -> Exception | None:
    """The built-in exception that the answer raised, if it did; None for any other end of a call."""
    kind = getattr(builtins, stop.detail.partition(" ")[0], None) if stop.kind is Kind.RAISED else None
    if not isinstance(kind, type) or not issubclass(kind, Exception):
        return None
    try:
        return kind(stop.raised)
    except TypeError:  # one that is not made of a text alone, such as UnicodeDecodeError
        return None


def _execute(code: CodeType, names: dict[str, Any]) -> None:
    """Runs a test cell.  What an answer raised and the cell did not catch ends the test as it ends any other check."""
    try:
        exec(code, names)  # noqa: S102 - the course's own cell
    except Exception as error:
        if isinstance(error.__cause__, Stop):
            raise error.__cause__ from None
        raise
