"""What is to be judged of a class: a result is kept as long as nothing that it depends on changes."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder import cluster, files, fingerprint, journal, notebook, partial, pool
from autograder import course as courses
from autograder.journal import Done
from autograder.model import (
    NOT_SANDBOXED,
    Assignment,
    Course,
    Fingerprint,
    Judgement,
    Manifest,
    NotGradable,
    Report,
    Status,
    Submission,
)
from autograder.submitted import Job


@dataclasses.dataclass(frozen=True, slots=True)
class Graded:
    """One result.  `before` is the result that it took the place of, until it is booked; `judged` if it
    was made in this run; `fresh` has the rest of it where it is written nowhere: what is in the journal need not be in memory."""

    job: Job
    report: Report
    before: Report | None = None
    judged: bool = False
    fresh: Done | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What is `kept` as it is; what holds under another fingerprint (`renamed`); and what is `waiting` to be judged, each with the tasks
    that are asked for: none named is all.  `last` has every result that is there, `parts` what the checks are made of now."""

    kept: dict[Job, Report]
    renamed: dict[Job, Report]
    waiting: dict[Job, tuple[str, ...]]
    last: dict[Job, Report]
    parts: dict[str, str]
    once: _Once


def make(course: Course, assignment: Assignment, manifest: Manifest, jobs: list[Job], *, force: bool = False) -> Plan:
    """Compares what was handed in with the journal.  Reads the checks once; imports neither torch nor pytest."""
    parts = fingerprint.check_parts(course, assignment, manifest)
    now = fingerprint.expected(course, assignment, parts)
    plan = Plan({}, {}, {}, {}, parts, _Once())
    checks = courses.checks_dir(course, assignment.name)
    known: dict[str, tuple[str, ...]] = {}

    def changed(old: dict[str, str]) -> tuple[str, ...]:
        key = json.dumps(old, sort_keys=True)
        if key not in known:
            known[key] = partial.changed_tasks(checks, old, parts)
        return known[key]

    for job in jobs:
        path = journal.path_of(course, assignment.name, job.student)
        report = journal.load(path) if path.exists() else None
        if report is None:
            plan.waiting[job] = ()
            continue
        report = plan.last[job] = plan.once(report)
        wanted = dataclasses.replace(now, submission=notebook.digest(job.path, course.limits))
        if force or not _may_stay(course, manifest, job, report, wanted):
            plan.waiting[job] = ()
        elif report.fingerprint == wanted:
            plan.kept[job] = report
        else:  # the checks are others
            old = _known_parts(course, report)
            if report.status is Status.NOT_GRADABLE and old.get(fingerprint.RELEASE) == parts[fingerprint.RELEASE]:
                plan.renamed[job] = dataclasses.replace(report, notebook=str(job.path), fingerprint=wanted)
            else:
                plan.waiting[job] = _touched(course, manifest, job, report, changed(old))
    return plan


def _may_stay(course: Course, manifest: Manifest, job: Job, report: Report, wanted: Fingerprint) -> bool:
    """Whether nothing but the checks can have changed."""
    if report.status is Status.GRADER_ERROR or dataclasses.replace(report.fingerprint, checks=wanted.checks) != wanted:
        return False
    if report.status is Status.GRADED:
        return (report.execution.sandbox == NOT_SANDBOXED) == course.unsafe
    found = notebook.read(job.path, manifest, job.student, course.limits)  # unreadable for the same reason?
    return isinstance(found, NotGradable) and found.reason == report.reason


def _touched(course: Course, manifest: Manifest, job: Job, report: Report, changed: tuple[str, ...]) -> tuple[str, ...]:
    """The tasks that have to be judged again where the checks of `changed` are others; () for all."""
    if not changed or 2 * len(changed) > len(manifest.tasks):
        return ()
    submission = notebook.read(job.path, manifest, job.student, course.limits)
    return changed if partial.stands_apart(submission, manifest, report, changed) else ()


class _Once:
    """Equal parts of results are in memory once: ten thousand students find a few hundred ways to fail a task, so that what a class takes
    hardly grows with it."""

    def __init__(self) -> None:
        self._seen: dict[Any, Any] = {}

    def __call__(self, report: Report) -> Report:
        one = self._part
        return dataclasses.replace(
            report,
            tasks=one(tuple(map(one, report.tasks))),
            repairs=one(report.repairs),
            flags=one(report.flags),
            fingerprint=dataclasses.replace(
                report.fingerprint,
                checks=one(report.fingerprint.checks),
                environment=one(report.fingerprint.environment),
            ),
        )

    def _part(self, part: Any) -> Any:
        return self._seen.setdefault(part, part)


# ── the parts of checks that results were made with ───────────────────────────────────────────────


def _parts_path(course: Course, assignment: str, checks: str) -> Path:
    return course.root / ".autograder" / "checks" / assignment / f"{checks.removeprefix('sha256:')}.json"


def _known_parts(course: Course, report: Report) -> dict[str, str]:
    """What the checks of `report` were made of; empty where nobody knows any more."""
    try:
        found: dict[str, str] = json.loads(
            _parts_path(course, report.assignment, report.fingerprint.checks).read_text(encoding="utf-8")
        )
    except (OSError, ValueError):
        return {}
    return found


def _remember_parts(course: Course, assignment: Assignment, parts: dict[str, str]) -> None:
    path = _parts_path(course, assignment.name, fingerprint.of_parts(parts))
    if not path.exists():
        (course.root / ".autograder").mkdir(mode=0o700, exist_ok=True)
        files.write(path, json.dumps(parts, indent=1))


# ── carrying it out ───────────────────────────────────────────────────────────────────────────────


def carry_out(
    course: Course,
    assignment: Assignment,
    manifest: Manifest,
    plan: Plan,
    *,
    processes: int,
    scheduler: str = "",
    write: bool = True,
    on_done: Callable[[Job], None] = lambda _: None,
) -> list[Graded]:
    """Judges what is waiting and journals each result at once (unless not to `write`); everything in the order of the students' names."""
    found: dict[Job, Graded] = {}
    files.sweep_scratch()
    if write:
        files.sweep(course.root / "results" / assignment.name)
        if plan.waiting or plan.renamed:
            _remember_parts(course, assignment, plan.parts)
    for job, report in plan.kept.items():
        path = journal.path_of(course, assignment.name, job.student)
        found[job] = Graded(job, report, before=journal.before(path))
        on_done(job)
    for done in _judged(course, plan, _judges(course, assignment, manifest, processes, scheduler)):
        path = journal.path_of(course, assignment.name, done.job.student)
        before = journal.before(path) or plan.last.get(done.job)
        if write:
            journal.keep(course, done)
        found[done.job] = Graded(
            done.job, plan.once(done.judgement.report), before=before, judged=True, fresh=None if write else done
        )
        on_done(done.job)
    return sorted(found.values(), key=lambda one: one.job.student)


def _judges(
    course: Course, assignment: Assignment, manifest: Manifest, processes: int, scheduler: str
) -> Callable[[list[Job]], Iterator[Done]]:
    """What judges: the workers of a cluster, or processes of this machine."""
    if scheduler:
        return functools.partial(cluster.judge_all, course, assignment, manifest, scheduler=scheduler)
    return functools.partial(pool.judge_all, course, assignment, manifest, hidden=True, processes=processes)


def _judged(course: Course, plan: Plan, judge_all: Callable[[list[Job]], Iterator[Done]]) -> Iterator[Done]:
    for job, report in plan.renamed.items():
        yield Done(job, NotGradable(job.path, report.assignment, job.student, report.reason), Judgement(report))
    if not plan.waiting:
        return
    asked = [dataclasses.replace(job, only=tasks) for job, tasks in plan.waiting.items()]
    again = []
    for done in judge_all(asked):
        job = dataclasses.replace(done.job, only=())
        if not done.job.only:
            yield done
        elif whole := partial.merged(plan.last[job], done.judgement.report):
            outputs = journal.outputs(journal.path_of(course, whole.assignment, job.student))
            yield Done(job, done.submission, Judgement(whole, outputs))
        else:
            again.append(job)
    if again:
        yield from judge_all(again)


def opened(course: Course, manifest: Manifest, graded: Graded) -> Done | None:
    """A result with the submission and the outputs that belong to it; None where another file has been handed in since.

    Of a grade that is withheld because nobody could read the file, it does not matter which one is there."""
    if graded.fresh is not None:
        return graded.fresh
    submission: Submission | NotGradable = notebook.read(graded.job.path, manifest, graded.job.student, course.limits)
    known = graded.report.fingerprint.submission
    if submission.digest != known and (known or graded.report.status is not Status.GRADER_ERROR):
        return None
    path = journal.path_of(course, manifest.assignment, graded.job.student)
    return Done(graded.job, submission, Judgement(graded.report, journal.outputs(path)))
