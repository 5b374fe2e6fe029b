"""What a student may see of a task's result: the causes of what is missing, and the checks.  The same for every way to a student."""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograder.markup.clean import plain
from autograder.model import Cause, CheckResult, Kind, Outcome, Report, TaskScore

MESSAGE_LIMIT = 4_000

OUTCOMES: dict[Outcome, tuple[str, str, str]] = {
    Outcome.PASSED: ("✓", "passed", "good"),
    Outcome.FAILED: ("✗", "not passed", "bad"),
    Outcome.STUDENT_ERROR: ("!", "raised an error", "bad"),
    Outcome.TIMEOUT: ("!", "took too long", "bad"),
    Outcome.MEMORY: ("!", "used too much memory", "bad"),
    Outcome.CRASHED: ("!", "ended the process", "bad"),
    Outcome.NOT_ATTEMPTED: ("–", "not attempted", "dull"),
    Outcome.BANNED: ("⊘", "used what the task forbids", "bad"),
    Outcome.SKIPPED: ("○", "not run here, not counted", "dull"),
    Outcome.GRADER_ERROR: ("?", "could not be checked", "dull"),
}
"""Outcome → symbol, words, tone.  Symbol and words say the same, the tone only colours them."""
_FORM = ("≈", "right in another form", "fair")


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A row in the list of checks; `worth` is what it cost, in words."""

    title: str
    symbol: str
    word: str
    tone: str
    worth: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class ShownCause:
    """Why points are missing, in one sentence; `found_by` are the titles of the checks that found it."""

    message: str
    worth: str
    hint: str
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedSlip:
    """One slip of form in several tasks: (title, cost) of each."""

    sentence: str
    tasks: tuple[tuple[str, str], ...]


def shown_checks(task: TaskScore) -> list[ShownCheck]:
    """The checks of a task in their order.  A hint or message that several of them share stands at the first."""
    weights = sum(check.weight for check in task.checks if check.outcome is not Outcome.SKIPPED)
    return _each_once([_check(check, task.points / (weights or 1.0)) for check in task.checks])


def shown_causes(task: TaskScore) -> list[ShownCause]:
    """The causes of what is missing, the dearest first; none where a task was not attempted, which its checks say."""
    return [
        ShownCause(
            message=plain(cause.message, MESSAGE_LIMIT),
            worth=points(-cause.cost) if cause.cost else "",
            hint=plain(cause.hint, MESSAGE_LIMIT),
            found_by=tuple(plain(name, MESSAGE_LIMIT) for name in cause.checks),
        )
        for cause in task.causes
        if cause.kind is not Kind.NOT_ATTEMPTED and cause.message
    ]


def shared_slips(report: Report) -> list[SharedSlip]:
    """The slips of form that cost points in more than one task, each said once."""
    tasks: dict[str, list[tuple[str, Cause]]] = {}
    for task in report.tasks:
        for cause in task.causes:
            if cause.kind is Kind.FORM:
                tasks.setdefault(cause.message, []).append((task.title, cause))
    return [
        SharedSlip(plain(sentence, MESSAGE_LIMIT), tuple((plain(name, 200), points(-one.cost)) for name, one in found))
        for sentence, found in tasks.items()
        if len(found) > 1
    ]


def points(value: float) -> str:
    """A number of points in words, rounded to 2 decimals."""
    number = f"{round(value, 2):g}".replace("-", "−")  # noqa: RUF001 - a minus sign
    return f"{number} {'point' if abs(value) == 1 else 'points'}"


def _each_once(checks: list[ShownCheck]) -> list[ShownCheck]:
    shown: set[str] = {""}
    once: list[ShownCheck] = []
    for check in checks:
        hint, message = ("" if words in shown else words for words in (check.hint, check.message))
        once.append(replace(check, hint=hint, message=message))
        shown |= {check.hint, check.message}
    return once


def _check(check: CheckResult, share: float) -> ShownCheck:
    """`share` is what one unit of weight is worth, in points."""
    symbol, word, tone = _FORM if check.form and check.outcome is Outcome.PASSED else OUTCOMES[check.outcome]
    lost = check.outcome not in (Outcome.PASSED, Outcome.SKIPPED, Outcome.GRADER_ERROR)
    # What the grader says about its own faults may quote a hidden check: that is for staff.
    said = lost or check.outcome is Outcome.SKIPPED
    message = check.message if said and check.outcome is not Outcome.NOT_ATTEMPTED else check.form
    return ShownCheck(
        title=plain(check.name, MESSAGE_LIMIT),
        symbol=symbol,
        word=word,
        tone=tone,
        worth=points(-check.weight * share) if lost and check.weight else "",
        message=plain(message, MESSAGE_LIMIT),
        hint=plain(check.hint, MESSAGE_LIMIT) if lost else "",
    )
