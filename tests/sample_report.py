"""A result as the grader writes one, without a notebook behind it."""

from __future__ import annotations

from autograder import course as courses
from autograder.model import CellError, CheckResult, Course, Execution, Outcome, Report, Status, TaskScore
from autograder.notebook import load_manifest


def report_of(course: Course, name: str, student: str, share: float | None) -> Report:
    """A student's result: `share` of every task's points, or no grade at all, since the grader failed."""
    manifest = load_manifest(courses.manifest_path(course, name))
    if share is None:
        reason = "KeyError: 'the secret check'"
        return Report(f"{name}.ipynb", name, student, Status.GRADER_ERROR, 0.0, manifest.max_score, reason=reason)
    checks = (
        CheckResult("The visible test", Outcome.PASSED, 0.0, visible=True),
        CheckResult("Large values", Outcome.PASSED, share),
        CheckResult("Small values", Outcome.FAILED, 1 - share, message="<b>f(1)</b> gave 2", hint="Think."),
        CheckResult("On a GPU", Outcome.SKIPPED, message="There is none here."),
    )
    tasks = tuple(TaskScore(t.id, t.title, t.points, round(t.points * share, 2), checks) for t in manifest.tasks)
    return Report(
        f"{name}.ipynb", name, student, Status.GRADED, sum(task.score for task in tasks), manifest.max_score, tasks,
        execution=Execution(1.5, 3, (CellError(2, "NameError", "x"),), sandbox="partial"),
    )  # fmt: skip
