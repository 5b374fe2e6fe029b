"""A class → judgements: a pool of judges, and what has been judged before."""

from __future__ import annotations

import atexit
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from typing import Any

from autograder import course as courses
from autograder import journal, notebook
from autograder.errors import AutograderError, InfrastructureError
from autograder.journal import Done
from autograder.judge import Judge, digest_of_folder, environment_digest, open_judge
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

# ── the pool ──────────────────────────────────────────────────────────────────────────────────────


def judge_all(
    course: Course,
    assignment: Assignment,
    manifest: Manifest,
    jobs: list[Job],
    *,
    hidden: bool,
    processes: int,
    other_seeds: tuple[int, ...] = (),
) -> Iterator[Done]:
    """Judges `jobs` and yields each as it is done, in no particular order.

    A fault of ours on one submission gives that submission a `grader_error` and the others their due; a fault that stops everything
    (no worker, a broken suite) is raised."""
    if processes <= 1 or len(jobs) == 1:
        with open_judge(course, assignment, manifest, hidden=hidden, other_seeds=other_seeds) as judge:
            for job in jobs:
                yield _judge_one(judge, course, manifest, job)
        return
    context = multiprocessing.get_context("spawn")
    settings = (course, assignment, manifest, hidden, other_seeds)
    with ProcessPoolExecutor(min(processes, len(jobs)), context, _open_in_process, settings) as pool:
        futures = {pool.submit(_judge_in_process, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                outcome = future.result()
                if isinstance(outcome, AutograderError):
                    raise outcome
                yield outcome
        except BrokenProcessPool as error:
            raise InfrastructureError(
                "A judge process was killed; what it had finished is kept.",
                "Run the command again: it goes on where it stopped.",
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_state: dict[str, Any] = {}


def _open_in_process(
    course: Course, assignment: Assignment, manifest: Manifest, hidden: bool, other_seeds: tuple[int, ...]
) -> None:
    stack = ExitStack()
    atexit.register(stack.close)
    _state.update(course=course, manifest=manifest, error=None)
    try:
        judge = open_judge(course, assignment, manifest, hidden=hidden, other_seeds=other_seeds)
        _state["judge"] = stack.enter_context(judge)
    except AutograderError as error:
        _state["error"] = error


def _judge_in_process(job: Job) -> Done | AutograderError:
    error: AutograderError | None = _state["error"]
    return error or _judge_one(_state["judge"], _state["course"], _state["manifest"], job)


def _judge_one(judge: Judge, course: Course, manifest: Manifest, job: Job) -> Done:
    submission: Submission | NotGradable = NotGradable(job.path, manifest.assignment, job.student, "It was not read.")
    try:
        submission = notebook.read(job.path, manifest, job.student, course.limits)
        judgement = judge(submission, seed=job.seed, only=job.only)
    except Exception as error:  # ours, not the student's: the grade is withheld, loudly, and the class goes on
        reason = f"{type(error).__name__}: {error}"
        report = Report(
            notebook=str(job.path), assignment=manifest.assignment, student=job.student, status=Status.GRADER_ERROR,
            score=0.0, max_score=manifest.max_score, reason=reason[:2000], fingerprint=Fingerprint(submission.digest),
        )  # fmt: skip
        judgement = Judgement(report)
    return Done(job, submission, judgement)


def kept(course: Course, assignment: Assignment, manifest: Manifest, jobs: list[Job]) -> dict[Job, Done]:
    """The jobs that have been judged before with the same submission, checks and environment, and how they ended."""
    checks = digest_of_folder(courses.checks_dir(course, assignment.name))
    environment = environment_digest()
    found = {}
    for job in jobs:
        path = journal.path_of(course, assignment.name, job.student)
        if not path.exists():
            continue
        submission = notebook.read(job.path, manifest, job.student, course.limits)
        report = journal.load(path)
        if report is None or report.status is Status.GRADER_ERROR:
            continue
        if (report.execution.sandbox == NOT_SANDBOXED) != course.unsafe:
            continue
        if report.fingerprint == Fingerprint(submission.digest, checks, environment):
            found[job] = Done(job, submission, Judgement(report, journal.outputs(path)))
    return found


def grade(
    course: Course,
    assignment: Assignment,
    manifest: Manifest,
    jobs: list[Job],
    *,
    processes: int,
    force: bool = False,
    on_done: Callable[[Done], None] = lambda _: None,
) -> list[Done]:
    """Judges what has not been judged before, journals it at once, and returns everything in the order of `jobs`."""
    found = {} if force else kept(course, assignment, manifest, jobs)
    for done in found.values():
        on_done(done)
    waiting = [job for job in jobs if job not in found]
    if waiting:
        for done in judge_all(course, assignment, manifest, waiting, hidden=True, processes=processes):
            journal.keep(course, done)
            found[done.job] = done
            on_done(done)
    return [found[job] for job in jobs]
