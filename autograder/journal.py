"""The journal: results/<assignment>/<student>.json for each judgement.

Beside it lies what the cells printed and drew (.outputs), and until it is booked the result that it replaced (.before)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from autograder import files
from autograder.errors import InfrastructureError, UsageError
from autograder.model import (
    SCHEMA,
    Cause,
    CellError,
    CheckResult,
    Course,
    Execution,
    Fingerprint,
    Judgement,
    Kind,
    Manifest,
    NotGradable,
    Outcome,
    Report,
    Status,
    Submission,
    TaskScore,
    unjudged,
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
    """The report in a result file, or None where the file is not one of ours, or of another version's schema."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))[0]
        if data.pop("schema") != SCHEMA:
            return None
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
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def results(course: Course, assignment: str) -> dict[str, Report | None]:
    """Student → report, of everybody whose result for an assignment is there; None where it cannot be read."""
    folder = path_of(course, assignment, "any").parent
    return {path.stem: load(path) for path in sorted(folder.glob("*.json")) if not path.name.startswith(".")}


def reports(course: Course, assignment: str) -> list[Report]:
    """All results of an assignment.  Raises InfrastructureError where one of them cannot be read."""
    found = []
    for student, report in results(course, assignment).items():
        if report is None:
            path = path_of(course, assignment, student)
            raise InfrastructureError(f"{path} is not a result.", f"Run: autograder grade {assignment} --force")
        found.append(report)
    return found


def nothing_graded(assignments: list[str]) -> UsageError:
    """What is raised where a command needs results and there are none of the named `assignments`, or of any."""
    return UsageError("Nothing has been graded yet.", f"Run: autograder grade {' '.join(assignments)}".rstrip())


def _task_score(data: dict[str, Any]) -> TaskScore:
    checks = tuple(
        CheckResult(
            **{
                **check,
                "outcome": Outcome(check["outcome"]),
                "kind": Kind(check["kind"]) if check.get("kind") else None,
            }
        )
        for check in data["checks"]
    )
    causes = tuple(
        Cause(**{**cause, "kind": Kind(cause["kind"]), "checks": tuple(cause["checks"])})
        for cause in data.get("causes", ())
    )
    return TaskScore(**{**data, "checks": checks, "causes": causes})


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
    return Done(job, found, Judgement(unjudged(found, Status.GRADER_ERROR, manifest.max_score, reason[:2000])))
