"""One result as Gradescope's results.json: what the feedback page tells its student, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from autograder.markup.clean import plain
from autograder.model import Report, Status
from autograder.report.task_results import MESSAGE_LIMIT, shown_checks

VISIBILITY = "visible"
_WITHHELD = "Something went wrong in the grader, not in your work.  Staff have to look at it before there is a grade."


def results(report: Report, *, score: float | None, why: tuple[str, ...] = ()) -> dict[str, Any]:
    """The results of one submission.  `score` are the points that count, None where the grade is withheld: then there is no score at
    all, which Gradescope shows as a failure of the autograder and not as zero.  `why` is how a penalty came about.

    All tests are visible: one hidden test would hide the total."""
    if score is None or report.status is Status.GRADER_ERROR:
        return {"output": _WITHHELD, "visibility": VISIBILITY, "stdout_visibility": "hidden"}
    lines = [report.reason] if report.reason else []
    lines += [*why, *(f"Put right in your file: {repair}" for repair in report.repairs)]
    lines += [f"Cell {error.cell + 1} raised {error.type}: {error.message}" for error in report.execution.errors]
    lines.append(f"Sandbox: {report.execution.sandbox}.")
    return {
        "score": score,
        "execution_time": round(report.execution.seconds, 2),
        "output": plain("\n".join(lines), 4 * MESSAGE_LIMIT),
        "output_format": "text",
        "visibility": VISIBILITY,
        "stdout_visibility": "hidden",
        "tests": _tests(report),
    }


def _tests(report: Report) -> list[dict[str, Any]]:
    tests = []
    for number, task in enumerate(report.tasks, start=1):
        weights = sum(check.weight for check in task.checks if check.outcome != "skipped") or 1.0
        for place, (check, said) in enumerate(zip(task.checks, shown_checks(task), strict=True), start=1):
            passed = said.tone in {"good", "fair"}
            counts = check.weight and check.outcome != "skipped"
            test: dict[str, Any] = {
                "name": f"{task.title}: {said.title}",
                "number": f"{number}.{place}",
                "output": "\n".join(
                    part for part in (_sentence(said.word), said.message, said.hint and f"Hint: {said.hint}") if part
                ),
                "output_format": "text",
                "visibility": VISIBILITY,
            }
            if counts:
                worth = round(task.points * check.weight / weights, 4)
                test |= {"score": worth if passed else 0.0, "max_score": worth}
            if passed or said.tone == "bad":
                test["status"] = "passed" if passed else "failed"
            tests.append(test)
    return tests


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def text_of(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
