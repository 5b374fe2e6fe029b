"""What is booked of a result.  Without nbgrader: whether it is booked already is asked of every result in every run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from autograder import policy
from autograder.model import NOT_SANDBOXED, Assignment, Course, Kind, Outcome, Report, TaskScore
from autograder.notebook.timestamp import handed_in_at

UNSAFE = "Not sandboxed: this notebook was run without the grader's protections."


def remark(report: Report, task_id: str) -> str | None:
    """The automatic comment on an answer, in Markdown: the authors' words only, never a value that a student's code made."""
    task = next((task for task in report.tasks if task.id == task_id), None)
    said = [report.reason or (_on(task) if task else None)]
    said += [UNSAFE] if report.execution.sandbox == NOT_SANDBOXED else []
    return "\n\n".join(filter(None, said)) or None


def score(report: Report, task_id: str) -> float:
    """The points of a task; 0 where there is no answer to it."""
    return next((task.score for task in report.tasks if task.id == task_id), 0.0)


def _on(task: TaskScore) -> str | None:
    counted = [check for check in task.checks if check.weight > 0]
    if counted and all(check.outcome is Outcome.NOT_ATTEMPTED for check in counted):
        return "No response."
    lines = [task.note] if task.note else []
    for check in counted:
        if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
            word = "not passed" if check.outcome is Outcome.FAILED else check.outcome.replace("_", " ")
            lines.append(f"- {check.name}: {word}.{f' {check.hint}' if check.hint else ''}")
    lines += [
        f"- The values are right, in another form than the task asks for: −{cause.cost:g}."  # noqa: RUF001 - a minus sign
        for cause in task.causes
        if cause.kind is Kind.FORM
    ]
    return "\n".join(lines) or None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When work came and what that costs, as nbgrader keeps it: UTC without saying so, None for nothing."""

    timestamp: datetime | None
    extension: timedelta | None
    seconds_late: float


def arrival(course: Course, assignment: Assignment, student: str, folder: Path) -> Arrival:
    came = handed_in_at(folder)
    late = policy.lateness(course, assignment, student, came)
    extension = policy.extension(course, assignment, student) or None
    return Arrival(came.replace(tzinfo=None) if came else None, extension, late.seconds)


def penalty(course: Course, assignment: Assignment, earned: float, arrived: Arrival) -> float | None:
    return policy.penalty(policy.rule(course, assignment), earned, arrived.seconds_late) or None
