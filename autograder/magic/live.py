"""The visible tests on the functions of a running notebook, as they are now.

No sandbox and no second process: it is the student's own machine, and their own code has just run there.  What the tests say is
what `autograder check` says; what they see is the live notebook, cells run in any order included."""

from __future__ import annotations

import contextlib
import functools
import io
import linecache
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from autograder.code.announced import sentence
from autograder.magic.ran import Ran
from autograder.model import Limits, Manifest, Outcome, Role, Task
from autograder.notebook.announced import Announced
from autograder.notebook.text import clean
from autograder.wire.words import show

_TEST = "<the visible test of {}>"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the visible test of one task says of the notebook as it is now."""

    task: Task
    outcome: Outcome
    message: str = ""


class _Late(BaseException):
    """A call has taken longer than it may when it is graded.  A BaseException: no answer's `except Exception` stops it."""


class _Watched:
    """The student's functions as a test calls them: the last call is remembered, for messages, and each may take so many seconds.

    `nothing` is the name of the function that was called last, if it returned None."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.last = self.nothing = ""

    def __call__(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            parts = [_shown(value) for value in args] + [f"{key}={_shown(value)}" for key, value in kwargs.items()]
            self.last, self.nothing = f"{name}({', '.join(parts)})", ""
            with _at_most(self._seconds):
                answer = function(*args, **kwargs)
            self.nothing = name if answer is None else ""
            return answer

        return call


def run(
    manifest: Manifest,
    task: Task,
    namespace: dict[str, Any],
    limits: Limits,
    *,
    announced: Announced | None = None,
    ran: Ran | None = None,
) -> Seen:
    """Runs the visible test of `task` on the functions in `namespace`, a notebook's globals, which stay as they are.

    `announced` is what the release tells of the hidden checks of the task, `ran` what the kernel has run.  Raises KeyboardInterrupt where
    the student stops it, and nothing else."""
    announced, ran = announced or Announced(), ran or Ran()
    source = next((cell.source for cell in manifest.cells if cell.role is Role.TEST and cell.task == task.id), None)
    if source is None:
        return Seen(task, Outcome.SKIPPED, "This task has no visible test.")
    if not callable(namespace.get(task.function)):
        return Seen(
            task,
            Outcome.NOT_ATTEMPTED,
            f"There is no function `{task.function}` here yet: run the cell that defines it.",
        )
    if outdated := ran.outdated(namespace[task.function], task.function):
        return Seen(task, Outcome.STUDENT_ERROR, outdated)
    if used := sentence(ran.sources(), task.function, announced, [one.function for one in manifest.tasks]):
        return Seen(task, Outcome.BANNED, clean(f"It {used}"))
    watched = _Watched(limits.call_seconds)
    names = {one.function for one in manifest.tasks if callable(namespace.get(one.function))}
    functions = {name: watched(namespace[name], name) for name in names}
    file = _TEST.format(task.id)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, file, "exec"), {**namespace, **functions})  # noqa: S102 - the course's own cell
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a student's code raises, SystemExit included
        outcome, message = _explained(error, task, namespace, watched, file)
        return Seen(task, outcome, clean(message[:1000]))
    return Seen(task, Outcome.PASSED, f"Also graded: {', '.join(announced.topics)}" if announced.topics else "")


def _explained(
    error: BaseException, task: Task, namespace: dict[str, Any], watched: _Watched, file: str
) -> tuple[Outcome, str]:
    """How a test ended that did not pass, in words.  Whose line raised decides: the student's, or the test's on their answer."""
    call = watched.last
    if isinstance(error, _Late):
        return Outcome.TIMEOUT, f"{call} took longer than {error} seconds."
    own, function = _own_line(error.__traceback__, namespace)
    if function and _is_of_a_stub(error, namespace):
        if function == task.function:
            return Outcome.NOT_ATTEMPTED, "Not attempted yet: the stub still raises NotImplementedError."
        return Outcome.NOT_ATTEMPTED, f"It calls `{function}`, which still raises NotImplementedError."
    said = _text(error)
    if function or not isinstance(error, Exception):
        where = f"in `{function}`, {own}" if function and function != task.function else own
        raised = f"{type(error).__name__}: {said}" if said else type(error).__name__
        return Outcome.STUDENT_ERROR, f"{call} raised {raised}" + (f" ({where})" if where else "")
    if watched.nothing == task.function:
        return Outcome.FAILED, "Your function returns nothing (None): is a `return` missing?"
    if watched.nothing:
        return Outcome.FAILED, f"`{watched.nothing}` returns nothing (None): is a `return` missing there?"
    if isinstance(error, AssertionError):
        said = said or f"this does not hold: `{_test_line(error.__traceback__, file)}`"
        return Outcome.FAILED, f"{call}: {said}" if call else said
    if isinstance(error, NameError) and not call:
        return Outcome.NOT_ATTEMPTED, f"The set-up cell at the top has not been run yet ({said})."
    raised = f"{type(error).__name__}: {said}"
    return Outcome.FAILED, f"{call} returned a value that the test cannot use ({raised})"


def _is_of_a_stub(error: BaseException, namespace: dict[str, Any]) -> bool:
    """Whether `error` is a bare NotImplementedError that a line of the notebook raised.  A library's is an error like any other."""
    *_, last = _frames(error.__traceback__)
    return isinstance(error, NotImplementedError) and not error.args and last.f_globals is namespace


def _own_line(trace: TracebackType | None, namespace: dict[str, Any]) -> tuple[str, str]:
    """The innermost line of the student's own code in `trace`, and the function that it stands in; empty where there is none."""
    inner = [
        (found, frame) for found, frame in zip(traceback.extract_tb(trace), _frames(trace), strict=True)
        if frame.f_globals is namespace
    ]  # fmt: skip
    if not inner:
        return "", ""
    summary, frame = inner[-1]
    code = (summary.line or "").strip()
    return f"line {summary.lineno}" + (f": `{code[:200]}`" if code else ""), frame.f_code.co_name


def _frames(trace: TracebackType | None) -> Iterator[Any]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _test_line(trace: TracebackType | None, file: str) -> str:
    lines = [found.line or "" for found in traceback.extract_tb(trace) if found.filename == file]
    return lines[-1].strip() if lines else ""


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _shown(value: Any) -> str:
    """`value` in a message; of an object whose `repr` raises, the type."""
    try:
        return show(value)
    except Exception:
        return f"<{type(value).__name__}>"


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Ends what runs here after `seconds`, with _Late; where no alarm can be set (Windows, other threads), the student does."""

    def late(*_: object) -> None:
        raise _Late(f"{seconds:g}")

    try:
        before = signal.signal(signal.SIGALRM, late)
    except (AttributeError, ValueError):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
