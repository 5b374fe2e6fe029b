"""What comes of a check, hidden or visible: its outcome, in which way it failed, and the sentence for the student."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.checks import forms, overrun
from autograder.checks.authoring import Mismatch
from autograder.checks.student import KINDS, Stop, Student
from autograder.errors import AutograderError
from autograder.model import CheckResult, Kind, Outcome
from autograder.worker.handle import Lost

COMPARE_SECONDS = 10.0
"""Of the judge's own CPU time, for all that a check does with one set of inputs."""
NOTHING = "Your function returns nothing (None): is a `return` missing?"


@dataclass(frozen=True, slots=True)
class Found:
    """What one run of a check found; see `CheckResult`."""

    outcome: Outcome
    message: str = ""
    kind: Kind | None = None
    detail: str = ""
    form: str = ""


class Unusable(Mismatch):
    """The check could not work with the answer at all: it has the wrong type or shape."""


def run_check(check: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Runs a check that passes on right answers, so whatever exception it raises is the answer's fault."""
    try:
        with overrun.at_most(COMPARE_SECONDS):
            check(*args, **kwargs)
    except overrun.Overrun:
        raise Unusable(f"returned a value that takes longer than {COMPARE_SECONDS:g} s to compare") from None
    except (AssertionError, Lost, AutograderError):
        raise
    except pytest.fail.Exception as failure:
        raise AssertionError(failure.msg) from failure
    except Exception as error:
        raise Unusable(f"returned a value that the check cannot use ({type(error).__name__}: {error})") from error


def outcome_of(check: Callable[[], None], student: Student) -> Found:
    """Runs `check`, which calls functions of `student`, and returns its outcome.  Raises where the grader itself is at fault."""
    try:
        with forms.collecting() as slips:
            check()
    except Stop as stop:
        alone = stop.whole or stop.outcome is Outcome.NOT_ATTEMPTED
        message = str(stop) if alone else _sentence(student, " ", stop)
        return Found(stop.outcome, message, stop.kind, stop.detail)
    except Lost as lost:
        return Found(lost.outcome, f"The notebook {lost}.", KINDS[lost.outcome])
    except AssertionError as error:
        return _failed(error, student)
    except pytest.skip.Exception as skipped:
        return Found(Outcome.SKIPPED, str(skipped))
    return Found(Outcome.PASSED, form=slips[0] if slips else "")


def _failed(error: AssertionError, student: Student) -> Found:
    kind = error.kind if isinstance(error, Mismatch) else Kind.VALUES
    if student.returned_nothing_ and kind in {Kind.VALUES, Kind.FORM}:
        return Found(Outcome.FAILED, f"{NOTHING} It was called as {student.last_}.", Kind.RETURNED_NOTHING)
    return Found(Outcome.FAILED, _sentence(student, " " if isinstance(error, Mismatch) else ": ", error), kind)


def _sentence(student: Student, joint: str, what: BaseException) -> str:
    """What happened, after the call that it happened to, if there was one yet."""
    return f"{student.last_}{joint}{what}" if student.last_ is not None else str(what)


def banned(checks: tuple[CheckResult, ...], message: str) -> tuple[CheckResult, ...]:
    """The checks of a task whose answer uses what is forbidden: none counts, whatever came of it, and no hint helps."""
    return tuple(
        dataclasses.replace(check, outcome=Outcome.BANNED, kind=Kind.BANNED, message=message, hint="", form="")
        for check in checks
    )
