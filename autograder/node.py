"""What runs in a Dask worker: judges of its own, kept open between submissions, one for each thread that judges."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass
from pathlib import Path

from distributed import get_worker

from autograder.bundle import Bundle, differences, unpack
from autograder.errors import AuthoringError, InfrastructureError
from autograder.judge_process import JudgeLost, JudgeProcess, Opening
from autograder.model import Judgement, NotGradable, Submission
from autograder.submitted import Job


@dataclass(frozen=True, slots=True)
class Refusal:
    """A node that cannot judge, and why."""

    node: str
    why: str


def judge(
    bundle: Bundle, run: str, job: Job, submission: Submission | NotGradable
) -> Judgement | Refusal | AuthoringError:
    """The judgement of one submission by a judge that belongs to `run`.  Raises JudgeLost."""
    worker = get_worker()
    try:
        one = _take(bundle, run, Path(worker.local_directory))
    except AuthoringError as error:
        return error
    except (InfrastructureError, JudgeLost) as error:
        return Refusal(worker.address, str(error))
    try:
        one.ask(job, submission)
        return one.answer().judgement
    finally:
        _give_back(run, one)


def close(run: str) -> None:
    """Ends the judges of `run`, those that are judging too."""
    with _lock:
        _free.pop(run, None)
        ending = _all.pop(run, [])
    for one in ending:
        one.close()


_lock = threading.Lock()
_free: dict[str, list[JudgeProcess]] = {}
_all: dict[str, list[JudgeProcess]] = {}


def _take(bundle: Bundle, run: str, place: Path) -> JudgeProcess:
    """A judge that nobody else uses.  It may have ended because nobody asked it anything for long; then another is started.

    Raises what opening a judge raises, and InfrastructureError where this node would judge otherwise."""
    if unlike := differences(bundle.versions):
        raise InfrastructureError(f"It would judge with {unlike}.")
    with _lock:
        free = _free.setdefault(run, [])
        while free:
            if (one := free.pop()).alive:
                return one
        folder = place / f"bundle-{bundle.digest}"
        unpack(bundle, folder)
    course = dataclasses.replace(bundle.course, root=folder)
    one = JudgeProcess(
        Opening(course, bundle.assignment, bundle.manifest, hidden=True, seeds=bundle.seeds, try_sandbox=True)
    )
    with _lock:
        _all.setdefault(run, []).append(one)
    one.wait_until_open()
    return one


def _give_back(run: str, one: JudgeProcess) -> None:
    with _lock:
        if run in _free:
            _free[run].append(one)
