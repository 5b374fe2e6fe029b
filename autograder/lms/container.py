"""Gradescope's container: one submission in /autograder/submission → /autograder/results/results.json.

`run_autograder` of the zip that `autograder gradescope` builds calls this.  The late penalty is the course's rule on Gradescope's own
times, its extensions included: it knows students by its own numbers, so those of course_config.py do not apply."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import environment, files, notebook, policy, pool
from autograder.errors import AutograderError
from autograder.lms.results_json import results, text_of
from autograder.model import Assignment, Course, Manifest, NotGradable, Report, Status, unjudged
from autograder.notebook import timestamp
from autograder.submitted import Job

METADATA = "submission_metadata.json"


def grade(root: Path, name: str) -> Report:
    """Judges what lies in `root`/submission as assignment `name` and writes the results.  Raises no fault that is ours, as long as the
    results can be written: a grade that cannot be given is a report of `grader_error`."""
    try:
        return _graded(root, name)
    except Exception as error:
        reason = str(error) if isinstance(error, AutograderError) else f"{type(error).__name__}: {error}"
        report = unjudged(NotGradable(root / "submission", name, "", ""), Status.GRADER_ERROR, 0.0, reason)
        _write(root, results(report, score=None))
        return report


def _graded(root: Path, name: str) -> Report:
    course = courses.load(root / "source")
    (assignment,) = courses.pick(course, [name])
    manifest = notebook.load_manifest(courses.manifest_path(course, name))
    told = _metadata(root)
    path = _the_notebook(root / "submission", manifest.notebook)
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        place = Path(folder) / manifest.notebook
        if path is not None:
            shutil.copyfile(path, place, follow_symlinks=False)
        report = _judged(course, assignment, manifest, Job(place, _student(told)))
    rule, late = policy.rule(course, assignment), _lateness(course, assignment, told)
    mark = policy.mark(rule, report, late)
    _write(root, results(report, score=mark.counted, why=policy.why(rule, late, report.score)))
    return report


def _judged(course: Course, assignment: Assignment, manifest: Manifest, job: Job) -> Report:
    found = notebook.read(job.path, manifest, job.student, course.limits)
    if isinstance(found, NotGradable):  # nothing runs, so nothing need be warmed up
        return unjudged(found, Status.NOT_GRADABLE, manifest.max_score, found.reason)
    (done,) = pool.judge_all(course, assignment, manifest, [job], hidden=True, processes=1)
    return done.judgement.report


def _write(root: Path, found: dict[str, Any]) -> None:
    files.write(root / "results" / "results.json", text_of(found))


def _lateness(course: Course, assignment: Assignment, told: dict[str, Any]) -> policy.Lateness:
    """By Gradescope's deadline of this student, else by the course's."""
    came = timestamp.parse(str(told.get("created_at") or ""))
    own = [user.get("assignment") for user in told.get("users") or [] if isinstance(user, dict)]
    dues = [str(place.get("due_date") or "") for place in (*own, told.get("assignment")) if isinstance(place, dict)]
    due = next((found for text in dues if (found := timestamp.parse(text))), assignment.due)
    return policy.lateness_after(policy.rule(course, assignment), due, came)


def _metadata(root: Path) -> dict[str, Any]:
    try:
        found = json.loads((root / METADATA).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _student(told: dict[str, Any]) -> str:
    names = [str(user.get("name", "")) for user in told.get("users") or [] if isinstance(user, dict)]
    return ", ".join(name for name in names if name)


def _the_notebook(folder: Path, name: str) -> Path | None:
    """The file that is graded: of that name, else a notebook, else any other file, so that its owner hears what is wrong with it."""
    files = sorted(
        (
            path
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
        ),
        key=lambda path: (path.name != name, path.suffix != ".ipynb", len(path.parts), path.name),
    )
    return files[0] if files else None


def main() -> int:
    environment.prepare()
    report = grade(Path(sys.argv[1]), sys.argv[2])
    if report.status is Status.GRADER_ERROR:
        sys.stderr.write(f"The grade is withheld: {report.reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
