"""Results beside one another: how two of one student differ, in words, and that what is equal in many is in memory once."""

from __future__ import annotations

import dataclasses
from typing import Any

from autograder import plan, regrade
from autograder.model import CheckResult, Fingerprint, Outcome, Report, Status, TaskScore


def report(score: float, outcome: Outcome, **changes: Any) -> Report:
    task = TaskScore("sum", "Adds", 4.0, score, (CheckResult("Adds up", outcome),))
    made = Report(
        "ada.ipynb", "sums", "ada", Status.GRADED, score, 4.0, (task,), fingerprint=Fingerprint("s", "c", "e")
    )
    return dataclasses.replace(made, **changes)


def test_the_differences_name_points_checks_and_cause() -> None:
    full, none = report(4.0, Outcome.PASSED), report(0.0, Outcome.FAILED)
    assert regrade.differences(full, full) == []
    assert regrade.differences(full, dataclasses.replace(none, fingerprint=Fingerprint("s2", "c", "e2"))) == [
        "ada: 4 → 0, because another file was handed in and packages, models, limits, data or the grader changed",
        "    sum: 4 → 0 (Adds up: passed → failed)",
    ]
    assert "not the same every time" in regrade.differences(none, full)[0]
    withheld = dataclasses.replace(none, status=Status.GRADER_ERROR, tasks=(), reason="The disk broke.")
    assert regrade.differences(full, withheld) == [
        "ada: 4 → withheld, because the grader failed",
        "    The disk broke.",
    ]
    assert (regrade.gain(none, full), regrade.gain(full, withheld)) == (4.0, 0.0)


def test_what_is_equal_in_the_results_of_a_class_is_in_memory_once() -> None:
    def report(student: str) -> Report:
        failed = CheckResult("a check", Outcome.FAILED, message=f"should be {1 + 1}")
        return Report(
            student, "lab", student, Status.GRADED, 0.0, 2.0, tasks=(TaskScore("task", "Task", 2.0, 0.0, (failed,)),)
        )

    once = plan._Once()
    ada, grace = once(report("ada")), once(report("grace"))

    assert (ada, grace) == (report("ada"), report("grace"))
    assert ada.tasks is grace.tasks
