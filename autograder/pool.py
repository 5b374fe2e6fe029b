"""Many submissions of one assignment → their judgements, in processes of this machine."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import connection
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
from autograder.sandbox import kernel
from autograder.submitted import Job

LAST_SECONDS = 10.0


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
    with _Judges(min(processes, len(jobs)), context, _open_in_process, settings) as pool:
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


class _Judges(ProcessPoolExecutor):
    """Processes that a Ctrl-C on the terminal, which reaches them too, leaves to the coordinator: also while they start."""

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        before = signal.pthread_sigmask(
            signal.SIG_BLOCK, {signal.SIGINT}
        )  # inherited by the processes that this starts
        try:
            return super().submit(*args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        judges = multiprocessing.active_children()
        if isinstance(sys.exc_info()[1], KeyboardInterrupt | GeneratorExit):  # nobody waits for what they are at
            for judge in judges:
                judge.terminate()
        if judges:
            threading.Thread(target=_end_stragglers, args=(judges,), daemon=True).start()
        super().shutdown(wait, cancel_futures=cancel_futures)


def _end_stragglers(judges: list[Any]) -> None:
    """Once one judge has ended the others have little time left: one that was killed may have taken along the lock that they wait for."""
    sentinels = {judge.sentinel: judge for judge in judges}
    first = connection.wait(list(sentinels))
    deadline = time.monotonic() + LAST_SECONDS
    left = sentinels.keys() - set(first)
    while left and (ended := connection.wait(list(left), deadline - time.monotonic())):
        left -= set(ended)
    for sentinel in left:
        sentinels[sentinel].terminate()


def _end_with_coordinator() -> None:
    """In a judge's process: it goes when the coordinator is interrupted or killed, and its workers go with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    coordinator = multiprocessing.parent_process()
    if kernel.LINUX and coordinator is not None:
        kernel.die_with_parent(signal.SIGKILL)
        if os.getppid() != coordinator.pid:  # it was killed before the line above
            os._exit(1)


_state: dict[str, Any] = {}


def _open_in_process(
    course: Course, assignment: Assignment, manifest: Manifest, hidden: bool, other_seeds: tuple[int, ...]
) -> None:
    _end_with_coordinator()
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
        if not judge.is_able:
            raise InfrastructureError(
                "The warm parent of the workers was killed; what was finished is kept.",
                "Run the command again: it goes on where it stopped.",
            ) from error
        judgement = withheld(submission, manifest, f"{type(error).__name__}: {error}")
    return Done(job, submission, judgement)


def withheld(submission: Submission | NotGradable, manifest: Manifest, reason: str) -> Judgement:
    """The judgement of a submission that could not be judged, by a fault that is ours."""
    report = Report(
        notebook=str(submission.path), assignment=manifest.assignment, student=submission.student, status=Status.GRADER_ERROR,
        score=0.0, max_score=manifest.max_score, reason=reason[:2000], fingerprint=Fingerprint(submission.digest),
    )  # fmt: skip
    return Judgement(report)
