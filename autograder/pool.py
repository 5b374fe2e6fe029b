"""Many submissions of one assignment → their judgements, in processes of this machine."""

from __future__ import annotations

import atexit
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from typing import Any

from autograder import notebook
from autograder.errors import AutograderError, InfrastructureError
from autograder.journal import Done
from autograder.judge import Judge, open_judge
from autograder.model import (
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
        judgement = withheld(submission, manifest, f"{type(error).__name__}: {error}")
    return Done(job, submission, judgement)


def withheld(submission: Submission | NotGradable, manifest: Manifest, reason: str) -> Judgement:
    """The judgement of a submission that could not be judged, by a fault that is ours."""
    report = Report(
        notebook=str(submission.path), assignment=manifest.assignment, student=submission.student, status=Status.GRADER_ERROR,
        score=0.0, max_score=manifest.max_score, reason=reason[:2000], fingerprint=Fingerprint(submission.digest),
    )  # fmt: skip
    return Judgement(report)
