"""What comes of a check, hidden or visible: its outcome, and the sentence for the student."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from autograder.checks.authoring import Mismatch
from autograder.checks.student import Stop, Student
from autograder.errors import AutograderError
from autograder.model import CheckResult, Outcome
from autograder.worker.handle import Lost


class Unusable(Mismatch):
    """The check could not work with the answer at all: it has the wrong type or shape."""


def run_check(check: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Runs a check that passes on right answers: whatever it stumbles over is the answer's fault."""
    try:
        check(*args, **kwargs)
    except (AssertionError, Lost, AutograderError):
        raise
    except pytest.fail.Exception as failure:
        raise AssertionError(failure.msg) from failure
    except Exception as error:
        raise Unusable(f"gave an answer that cannot be used here ({type(error).__name__}: {error})") from error


def outcome_of(check: Callable[[], None], student: Student) -> tuple[Outcome, str]:
    """The outcome of `check`, which asks `student`, and the sentence that says why.  A fault that is ours is raised."""
    try:
        check()
    except Stop as stop:
        raised = stop.outcome in {Outcome.STUDENT_ERROR, Outcome.MEMORY}
        return stop.outcome, _sentence(student, " ", stop) if raised else str(stop)
    except Lost as lost:
        return lost.outcome, f"The notebook {lost}."
    except AssertionError as error:
        return Outcome.FAILED, _sentence(student, " " if isinstance(error, Mismatch) else ": ", error)
    except pytest.skip.Exception as skipped:
        return Outcome.SKIPPED, str(skipped)
    return Outcome.PASSED, ""


def _sentence(student: Student, joint: str, what: BaseException) -> str:
    """What happened, after the call that it happened to, if there was one yet."""
    return f"{student.last_}{joint}{what}" if student.last_ is not None else str(what)


def banned(checks: tuple[CheckResult, ...], message: str) -> tuple[CheckResult, ...]:
    """The checks of a task whose answer uses what is forbidden: none counts, whatever came of it, and no hint helps."""
    return tuple(dataclasses.replace(check, outcome=Outcome.BANNED, message=message, hint="") for check in checks)
