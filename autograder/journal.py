"""The journal: results/<assignment>/<student>.json for each judgement.

Beside it lies what the cells printed and drew (.outputs), and until it is booked the result that it replaced (.before)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from autograder import files
from autograder.model import (
    CellError,
    CheckResult,
    Course,
    Execution,
    Fingerprint,
    Judgement,
    Manifest,
    NotGradable,
    Outcome,
    Report,
    Status,
    Submission,
    TaskScore,
)
from autograder.submitted import Job

BEFORE = ".before"


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    job: Job
    submission: Submission | NotGradable
    judgement: Judgement


def path_of(course: Course, assignment: str, student: str) -> Path:
    return course.root / "results" / assignment / f"{student}.json"


def keep(course: Course, done: Done) -> None:
    """Writes one result, the outputs first: a killed run leaves whole files only, and no result without its outputs.

    The result that it replaces stays beside it until the new one is booked (`settle`): it is what the gradebook holds."""
    report = done.judgement.report
    path = path_of(course, report.assignment, report.student)
    if path.exists() and not path.with_suffix(BEFORE).exists():
        files.write(path.with_suffix(BEFORE), path.read_bytes())
    found = {str(index): made for index, made in done.judgement.outputs.items()}
    files.write(path.with_suffix(".outputs"), json.dumps(found))
    files.write(path, json.dumps([report.to_json()], indent=1, ensure_ascii=False))


def before(path: Path) -> Report | None:
    """The result that the one at `path` has taken the place of, until `settle`; None where there is none."""
    return load(path.with_suffix(BEFORE))


def settle(path: Path) -> None:
    """What is at `path` is booked: what was there before is not needed any more."""
    path.with_suffix(BEFORE).unlink(missing_ok=True)


def load(path: Path) -> Report | None:
    """The report in a result file, or None where the file is not one of ours."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))[0]
        data.pop("schema")
        execution = data["execution"]
        return Report(
            **{
                **data,
                "status": Status(data["status"]),
                "tasks": tuple(_task_score(task) for task in data["tasks"]),
                "execution": Execution(
                    **{**execution, "errors": tuple(CellError(**error) for error in execution["errors"])}
                ),
                "repairs": tuple(data["repairs"]),
                "flags": tuple(data["flags"]),
                "fingerprint": Fingerprint(**data["fingerprint"]),
            }
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def _task_score(data: dict[str, Any]) -> TaskScore:
    checks = tuple(CheckResult(**{**check, "outcome": Outcome(check["outcome"])}) for check in data["checks"])
    return TaskScore(**{**data, "checks": checks})


def outputs(path: Path) -> dict[int, list[dict[str, Any]]]:
    """What the cells of the notebook whose result is at `path` printed and drew; nothing where that is lost."""
    try:
        found = json.loads(path.with_suffix(".outputs").read_text(encoding="utf-8"))
        return {int(index): made for index, made in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def withheld(
    job: Job, manifest: Manifest, why: str | Exception, submission: Submission | NotGradable | None = None
) -> Done:
    """What comes of a job that could not be judged, by a fault that is ours."""
    found = submission or NotGradable(job.path, manifest.assignment, job.student, "It was not read.")
    reason = f"{type(why).__name__}: {why}" if isinstance(why, Exception) else why
    report = Report(
        notebook=str(found.path), assignment=manifest.assignment, student=found.student, status=Status.GRADER_ERROR,
        score=0.0, max_score=manifest.max_score, reason=reason[:2000], fingerprint=Fingerprint(found.digest),
    )  # fmt: skip
    return Done(job, found, Judgement(report))
